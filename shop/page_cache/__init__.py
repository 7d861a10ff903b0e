"""Pages that are the same for everybody, kept ready in each web worker's memory and never shown stale.

**Who decides.** The database, at every request. A trigger on every table that pages may read appends one row to
`page_cache_change` (transaction, table) in the writer's own transaction: an order, an import, the back office, a forgotten
script or psql alike. A worker remembers the last snapshot up to which it has heard of changes; each request asks one
prepared question, over an index: which tables have changes that this snapshot does not see? Pages that read one of them
are forgotten before anything is served. So a page that is served was true after the request arrived.

**Why not otherwise.** A time to live is stale by design. Purging after commit is lost with the process that dies in
between, and writers forget it. NOTIFY arrives a moment after the commit, and notifying transactions commit one after the
other. A counter in one row would be locked until commit: every order would wait for every other. A sequence moves before
its transaction is visible. Rows that are only ever appended wait for nobody, appear exactly with what they announce, and
`pg_visible_in_snapshot` tells exactly which of them are news, however transactions overlap. The cost is one question a
page (a fraction of a millisecond) and that any change to a table forgets all pages which read that table.

**Time.** Prices, publication, reservations begin and end by the database's clock without any write. Each room registers
which columns are compared with the clock and when that next makes a difference (`moments`); at that instant the pages
which read the table are forgotten.

**What is never kept**: pages that set or read a cookie, ask who the visitor is, write, read a table without the trigger,
or compare a column with the clock that nobody registered (`reading` watches while the page is made). A mistake there
makes a page slow, not wrong. Redis is not used; nothing changes when it is down.
"""
