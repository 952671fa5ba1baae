// Classes that are registered as resources: the method that answers, wherever class and base class are.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('Flask-RESTful and Flask-RESTX', () => {
  it('classes of other modules, own wrappers, base classes', () =>
    places(
      'python',
      {
        'fen/api/__init__.py': `from flask_restful import Api
from fen.api.base import FenApi
from fen.api.reeds import (
    ReedList,
    ReedItem,
)
from fen.api.rushes import RushList, RushMow as Mow
from fen.api import sedges

api = FenApi()

api.add_shop_resource(ReedList, "/api/reeds", endpoint="reeds")
api.add_shop_resource(
    ReedItem,
    "/api/reeds/<int:reed_id>",
    "/api/reeds/by-name/<string:name>",
    endpoint="reed",
)
api.add_resource(RushList, "/api/rushes", "/api/rushes/all")
api.add_resource(Mow, "/api/rushes/<rush_id>/mow", resource_class_kwargs={"depth": 2})
api.add_resource(
    sedges.SedgeList, "/api/sedges", endpoint="sedges"
)
`,
        'fen/api/base.py': `class FenApi(Api):
    def add_shop_resource(self, resource, *urls, **kwargs):
        return self.add_resource(resource, *[scoped(url) for url in urls], **kwargs)


class BaseResource(Resource):
    def get(self):
        pass

    def delete(self, **kwargs):
        pass
`,
        'fen/api/reeds.py': `from fen.api.base import BaseResource


class ReedList(BaseResource):
    @needs("reeds")
    def get(self):
        pass

    def post(self):
        pass


class ReedItem(
    Paged,
    BaseResource,
):
    def get(self, reed_id):
        pass
`,
        'fen/api/rushes.py': `from fen.api.base import BaseResource

class RushList(BaseResource):
    pass

class RushMow(BaseResource):
    async def put(self, rush_id):
        pass
`,
        'fen/api/sedges.py': 'class SedgeList(Resource):\n    def get(self):\n        pass\n',
        'fen/models/sedges.py': 'class SedgeList:\n    def get(self):\n        pass\n',
        'fen/setup.py': `bp = Blueprint("old", __name__, url_prefix="/mire")
old = Api(bp)
old.add_resource(Peat, "/peat")
v2 = Api(app, prefix="/second")
v2.add_resource(Peat, "/peats")

class Peat(Resource):
    def get(self):
        pass
`,
      },
      [
        ['GET /api/reeds', 'fen/api/reeds.py:6'],
        ['POST /api/reeds', 'fen/api/reeds.py:9'],
        ['POST /<org>/api/reeds', 'fen/api/reeds.py:9'],
        ['GET /api/reeds/by-name/<string:name>', 'fen/api/reeds.py:17'],
        ['DELETE /api/reeds/<int:reed_id>', 'fen/api/base.py:10'],
        ['GET /api/rushes/all', 'fen/api/base.py:7'],
        ['PUT /api/rushes/<rush_id>/mow', 'fen/api/rushes.py:7'],
        ['GET /api/sedges', 'fen/api/sedges.py:2'],
        ['GET /mire/peat', 'fen/setup.py:8'],
        ['GET /second/peats', 'fen/setup.py:8'],
      ],
    ));
});
