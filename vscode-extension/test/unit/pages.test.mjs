/** The names of pages about nodes, as the server reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from './loaded.mjs';

const { isNodeId, isTopic, pageName } = await loaded('pageNames.ts');


const node = 'b1'.repeat(32);

test('a page is named by topic, node and document', () => {
  const name = pageName('why', node, 'file:///a b/c.imgql');
  const { protocol, pathname, search } = new URL(name);
  assert.equal(protocol, 'imgql-why:');
  assert.equal(pathname, `/why-${node.slice(0, 12)}.md`);
  assert.equal(decodeURIComponent(search.slice(1)), 'file:///a b/c.imgql');
});

test('only topics and node ids are taken from a link', () => {
  assert.ok(isTopic('plan'));
  assert.ok(!isTopic('primitive') && !isTopic(3));
  assert.ok(isNodeId(node));
  for (const other of ['', node.slice(1), `${node}0`, node.toUpperCase(), 7]) {
    assert.ok(!isNodeId(other), String(other));
  }
});
