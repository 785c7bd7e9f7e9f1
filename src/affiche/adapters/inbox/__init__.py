"""Inboxes on this machine. Those in object stores stand beside the blobs, which share their library."""

from affiche.adapters.inbox.folder import FolderInbox

__all__ = ["FolderInbox"]
