"""Parameter mappings: what a request or response is changed to on its way, in the dialect of each kind of API."""
