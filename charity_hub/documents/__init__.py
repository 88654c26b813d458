"""Documents: files that people upload, PDFs that the portal makes, and codes that verify printed documents.

Nouns: Document (a stored file, typed by its content), Certificate (a code for ``/verify/<code>/``).
Verbs: store an upload, serve it to people who may read it, render a PDF with typst, draw a chart, issue a
certificate, revoke it.
Files are stored outside the web root and served only by a view that checks access.
"""
