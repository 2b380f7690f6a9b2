"""Flask lives here and nowhere else: webhooks from Twilio, pages for staff, and what ops look at."""
