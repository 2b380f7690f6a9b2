"""The clinic's reviewed content: `schedules/` and `templates/` as typed, cross-checked values."""
