"""Signals: would we notice if it broke or went stale?"""
