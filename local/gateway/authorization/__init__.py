"""Who calls: issuers ─► key_sets, jwt for a token; lambda_authorizer ─► answer ─► policy for a function; signature."""
