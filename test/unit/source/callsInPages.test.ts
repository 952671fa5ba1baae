// Requests of scripts that stand in templates, whatever language makes the pages.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const page = (path: string): string =>
  `<p>It isn't here</p>\n<a href="${path}">all</a>\n<script>\n  function fresh() {\n    $.ajax({\n      type: 'POST',\n      url: base_url + '${path}',\n    });\n  }\n</script>\n`;
const files = {
  'templates/dash.ftl': page('/quays/chart'),
  'app/views/quays/show.html.erb': page('/berths/chart'),
  'resources/views/quay.blade.php': page('/tides/chart'),
  'Views/Quays/Index.cshtml': page('/locks/chart'),
  'src/QuayController.java':
    '@Controller\nclass QuayController {\n  @PostMapping("/quays/chart")\n  public String chart() {\n    return "";\n  }\n}\n',
};

it.each([
  ['/quays/chart', 'templates/dash.ftl'],
  ['/berths/chart', 'app/views/quays/show.html.erb'],
  ['/tides/chart', 'resources/views/quay.blade.php'],
  ['/locks/chart', 'Views/Quays/Index.cshtml'],
])('a request for %s is made in %s', async (path, file) => {
  const attributes = { 'http.method': 'POST', 'http.url': `https://quay.example.org${path}` };
  expect(await placeOf({ name: 'POST', scope: 'x', kind: 3, language: 'webjs', attributes }, files)).toBe(`${file}:5`);
});
