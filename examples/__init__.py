"""Stack files, one for each use, and what writes the page that shows them."""
