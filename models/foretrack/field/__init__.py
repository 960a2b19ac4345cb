"""The track-to-space network: how deep points lie and which of them move, by their tracks."""
