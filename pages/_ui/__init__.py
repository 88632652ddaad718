"""What the pages share. Every page may need these; the other modules draw one part of one or two pages.

startup     what the server does before the first visit
router      `require_app()` on the page's first line
workbench   which workspace is open, and cached readers of what is in it (`@reader`)
boundary    errors become sentences: `guarded` around every callback, `fragment` instead of `st.fragment`
jobs        long work in the background of the server, and `watch` to follow it
text        what users, MLflow or files say, made safe to draw
keys        the name of every session key and query parameter
"""
