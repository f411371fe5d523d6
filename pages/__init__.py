"""The generated pages of ``docs/``: what makes them stands in the packages that they are about."""
