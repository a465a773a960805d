"""What a workspace can prove about itself: its chain of digests, its history, and a pack for somebody without tools."""
