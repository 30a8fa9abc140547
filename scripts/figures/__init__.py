"""One figure a file (docs/add-a-figure.md); kvreport.registry walks this folder."""
