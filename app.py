"""Start the app: `streamlit run app.py`. Routing is pages/_ui/router.py's, so that a deep link can't go round it."""

from pages._ui import router

router.main()
