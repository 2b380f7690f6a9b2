"""Read a text: each file is one step from a patient's characters to findings; `reading.read` runs them in order."""
