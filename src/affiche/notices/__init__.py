"""Telling the outside what happened: signed webhooks, Slack and Teams by URL, e-mail.

`message.py` says what is said on each channel, `sign.py` how a webhook is signed and checked, `send.py` delivers what is due. All
URLs go through the guarded fetcher.
"""
