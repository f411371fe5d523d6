"""One policy a file, each with the constant ``POLICY``; ``policy.catalog`` lists them."""
