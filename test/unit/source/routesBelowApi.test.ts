// Routes of Django of which an API and its pages have the same end: the project's own list says below which path each is.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'harbour/harbour/wsgi.py': 'application = get_wsgi_application()\n',
  'harbour/harbour/urls.py':
    "from django.urls import include, path\n\nurlpatterns = [\n    path('mine/', include('account.urls')),\n    path('api/piers/', include('piers.api.urls')),\n]\n",
  'harbour/account/urls.py':
    "from django.urls import path\nfrom . import views\n\nurlpatterns = [\n    path('moorings/', views.MooringListView.as_view(), name='moorings'),\n]\n",
  'harbour/account/views.py':
    'from core.views.generic import ListView\n\n\nclass MooringListView(ListView):\n    table = MooringTable\n',
  'harbour/core/views/generic/__init__.py': 'from .bulk_views import *\n',
  'harbour/core/views/generic/bulk_views.py':
    'class ListView(BaseView):\n    def get(self, request):\n        return render(request, self.template)\n',
  'harbour/piers/api/urls.py':
    "from .. import views\n\nrouter = Router()\nrouter.register('moorings', views.MooringViewSet)\nurlpatterns = router.urls\n",
  'harbour/piers/api/views.py': 'class MooringViewSet(ModelViewSet):\n    queryset = Mooring.objects.all()\n',
};

it('lead to the page, and to its own class where a module of generic views answers for all', async () => {
  const attributes = { 'http.request.method': 'GET', 'http.route': 'mine/moorings/' };
  expect(await placeOf({ name: 'GET mine/moorings/', kind: 2, language: 'python', attributes }, files)).toBe(
    'harbour/account/views.py:4',
  );
});
