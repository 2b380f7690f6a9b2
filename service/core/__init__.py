"""The pure core: frozen values in, decisions out.

Nothing in here reads a clock, a file, a socket, a setting or a dice. Instants are passed in, aware and in UTC.
"""
