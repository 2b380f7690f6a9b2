"""Dripline: follows patients home after an infusion, reads what they write, and pages staff until one says "mine".

The layers, outermost first (import-linter holds them, see pyproject.toml):

processes   wsgi · clock · cli
edges       bootstrap (wires it) · web (Flask) · simulator (stands in for Twilio, meets us over HTTP only)
use cases   workflows
outside     store (SQLAlchemy) · carrier (Twilio) · library (YAML and templates)
settings    config · logs
pure core   core
"""
