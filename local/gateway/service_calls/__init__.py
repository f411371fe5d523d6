"""The requests that API Gateway sends to AWS services, each in the protocol of its service."""
