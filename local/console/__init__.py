"""The console: a page at the gateway's own port that shows what goes through it, and tries it out.

server ─► guard (who may ask) ─► pages | api (history, live, sending, sockets)
"""
