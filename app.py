"""The web app: `python app.py` opens it here; a WSGI server loads `app:server`."""

from explorer.atlas import open_atlas
from explorer.cli import serve
from explorer.server import create_app
from explorer.settings import read_settings

if __name__ == "__main__":
    raise SystemExit(serve())

settings = read_settings()
app = create_app(open_atlas(settings.maps), settings=settings)
server = app.server
