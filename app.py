"""Start the app: `streamlit run app.py`.

Streamlit imports this file once, to serve what it calls `app`, and then runs it as a script for every visit. Routing is
pages/_ui/router.py's, so that a deep link can't go round it.
"""

from pages._ui import startup

if __name__ == "__main__":
    from pages._ui import router

    router.main()
else:
    import streamlit as st

    app = st.App(__file__, lifespan=startup.prepare, routes=startup.ROUTES, middleware=startup.MIDDLEWARE)
