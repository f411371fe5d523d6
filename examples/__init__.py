"""Stack files, one for each use, and the page that shows them."""
