"""What other projects import: the outputs of a Gatelink stack, and in a wheel the components beside them."""
