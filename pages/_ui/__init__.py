"""What the pages share.

A page needs these, and no more:

router      `require_app()` on the page's first line
workbench   the open workspace, and cached readers of what is in it
boundary    errors become sentences: `guarded` around every callback, `fragment` instead of `st.fragment`
jobs        long work in the background of the server, and how to watch it
text        what users, MLflow or files say, made safe to draw
keys        the name of every session key and query parameter
sidebar     drawn by the router
"""
