"""The web app: `python app.py` opens it here; a WSGI server loads `app:server`."""

from explorer.cli import serve

if __name__ == "__main__":  # before numpy is imported: serving sets one thread a process for its products
    raise SystemExit(serve())

from explorer.atlas import open_atlas
from explorer.server import create_app
from explorer.settings import read_settings

settings = read_settings()
app = create_app(open_atlas(settings.maps, annotations=settings.annotations, cache=settings.cache), settings=settings)
server = app.server
