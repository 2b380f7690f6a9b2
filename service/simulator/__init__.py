"""The outside world on one machine: Twilio, the phones, and (in the demo) the hand that moves the clock."""
