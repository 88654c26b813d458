"""Documents: files that people upload, PDFs that the portal makes, and the codes that prove them.

Nouns: Document (a stored file, typed by its content), Certificate (a code that ``/verify/<code>/`` answers).
Verbs: store an upload, serve it to those who may read it, render a PDF with typst, draw a chart, issue a
certificate, revoke it.
Files lie outside the web root and leave only through an access-checked view.
"""
