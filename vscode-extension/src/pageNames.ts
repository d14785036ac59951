/** Names of the pages that the server writes about nodes. It opens none. */

export const topics = ['node', 'why', 'plan'] as const;
export type Topic = (typeof topics)[number];

export function isTopic(word: unknown): word is Topic {
  return topics.some((topic) => topic === word);
}

/** True for what may be the id of a node. */
export function isNodeId(word: unknown): word is string {
  return typeof word === 'string' && /^[0-9a-f]{64}$/.test(word);
}

/** The name of the page on a topic about a node of a document. */
export function pageName(topic: Topic, node: string, document: string): string {
  // The topic stands in the path too: Markdown previews tell pages apart by their paths alone, and
  // the last part of it is their title.
  return `imgql-${topic}:/${topic}-${node.slice(0, 12)}.md?${encodeURIComponent(document)}`;
}
