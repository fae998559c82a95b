"""Follow-up questions spelled out from the turns before."""

from __future__ import annotations

from index.following.follow_ups import complete

__all__ = ["complete"]
