"""How many bytes the server keeps beyond its open texts. All bounds stand here; nothing is kept.

What is kept for an open text (analyses, colours, outline, layout) goes when the text is edited or
closed; that is bounded by the text itself. All else is bounded by a figure:

==================================  ============================================================
digests of input files              `DIGESTS`
names of imported files             `NAMES`
outlines of files that are closed   `OUTLINES`
graphs of past runs                 `GRAPHS`
primitives of users, by folder      `CATALOGUES`
pages of the database               `PAGES` of the store's reader
messages that were not handled yet  `UNREAD`; then the client waits
requests that are being answered    `ASKED`; then more are refused
answers that were not read yet      `UNSENT`; then no message is handled
the log, on the disk                `LOG` a file, `LOGS` files, `LINE` a line
pages about values, on the disk     `VIEWS`
==================================  ============================================================
"""

MEGABYTE = 2**20
DIGESTS = 8 * MEGABYTE
NAMES = 4 * MEGABYTE
OUTLINES = 16 * MEGABYTE
GRAPHS = 32 * MEGABYTE
CATALOGUES = 16 * MEGABYTE
UNREAD = 32 * MEGABYTE
ASKED = 32 * MEGABYTE
UNSENT = 32 * MEGABYTE
LOG = 2_000_000
LOGS = 4
LINE = 10_000
VIEWS = 16 * MEGABYTE
