"""Jobs: long work that survives closing the page and killing the worker.

Nouns: Job (kind, arguments, progress). States: queued → running → done | failed; failed → queued.
Verbs: enqueue (one open job per key), run, report progress, retry, re-queue what was lost.
The row is the truth and exists before the message is sent; a message is only a hint; a job may run twice.
"""
