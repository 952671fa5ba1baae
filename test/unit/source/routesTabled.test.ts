// Routes of the JVM that a table states and a class answers, and what methods of JAX-RS without a verb lead on to.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';
import { places } from './support/places';

it('leads to actions of Play, of its modules and of packages whose classes are called the same', () =>
  places(
    'java',
    {
      'conf/routes': `# Reeds
GET   /reeds/:id   controllers.ReedController.show(id: Long)
DELETE  /reeds/:id  @controllers.fen.ReedController.remove(id: Long)
->    /beds        beds.Routes
`,
      'conf/beds.routes': 'POST  /:name/drain  controllers.BedController.drain(name)\n',
      'app/controllers/ReedController.scala': 'class ReedController {\n  def show(id: Long) = Action { Ok }\n}\n',
      'app/controllers/fen/ReedController.scala':
        'class ReedController {\n  def show(id: Long) = Action { Ok }\n  def remove(id: Long) = Action { Ok }\n}\n',
      'app/controllers/BedController.java':
        'public class BedController {\n    public Result drain(String name) { return ok(); }\n}\n',
    },
    [
      ['GET /reeds/$id<[^/]+>', 'app/controllers/ReedController.scala:2'],
      ['DELETE /reeds/$id<[^/]+>', 'app/controllers/fen/ReedController.scala:3'],
      ['POST /beds/$name<[^/]+>/drain', 'app/controllers/BedController.java:2'],
    ],
  ));

it('leads to servlets of web.xml and of annotations, and to actions of Struts', () =>
  places(
    'java',
    {
      'src/main/webapp/WEB-INF/web.xml': `<web-app>
  <servlet><servlet-name>reeds</servlet-name><servlet-class>fen.ReedServlet</servlet-class></servlet>
  <servlet-mapping><servlet-name>reeds</servlet-name><url-pattern>/reeds/*</url-pattern></servlet-mapping>
</web-app>
`,
      'src/main/java/fen/ReedServlet.java':
        'public class ReedServlet extends HttpServlet {\n    protected void doGet(Req a, Resp b) { }\n    protected void doPost(Req a, Resp b) { }\n}\n',
      'src/main/java/fen/SedgeServlet.java':
        '@WebServlet(name = "sedges", urlPatterns = {"/sedges"})\npublic class SedgeServlet extends HttpServlet {\n    public void doDelete(Req a, Resp b) { }\n}\n',
      'src/main/resources/struts.xml': `<struts><package name="beds" namespace="/beds">
  <action name="list" class="fen.BedAction" method="list"/>
  <action name="edit_*" class="fen.BedAction" method="{1}"/>
</package></struts>
`,
      'src/main/java/fen/BedAction.java':
        'public class BedAction {\n    public String list() { return "a"; }\n    public String drain() { return "b"; }\n}\n',
    },
    [
      ['GET /reeds/*', 'src/main/java/fen/ReedServlet.java:2'],
      ['POST /reeds/*', 'src/main/java/fen/ReedServlet.java:3'],
      ['DELETE /sedges', 'src/main/java/fen/SedgeServlet.java:3'],
      ['GET /beds/list.action', 'src/main/java/fen/BedAction.java:2'],
      ['POST /beds/edit_drain', 'src/main/java/fen/BedAction.java:3'],
    ],
  ));

it('leads below the locators of JAX-RS', () =>
  places(
    'java',
    {
      'src/BedResource.java': `@Path("beds")
public class BedResource {
    @Path("{bed}/reeds")
    public ReedResource reeds(@PathParam("bed") long bed) { return null; }
    @Path("{bed}/notes")
    public Class<NoteResource> notes() { return null; }
}
`,
      'src/ReedResource.java':
        'public class ReedResource {\n    @GET\n    public List<Reed> list() { return null; }\n    @PUT\n    @Path("{reed}")\n    public Reed cut() { return null; }\n}\n',
      'src/NoteResource.java': 'public class NoteResource {\n    @GET\n    public List<Note> list() { return null; }\n}\n',
    },
    [
      ['GET /beds/{bed}/reeds', 'src/ReedResource.java:2'],
      ['PUT /beds/{bed}/reeds/{reed}', 'src/ReedResource.java:5'],
      ['GET /beds/{bed}/notes', 'src/NoteResource.java:2'],
    ],
  ));

it.each([
  ['/{repository}', '/people', 3],
  ['/{repository}/search/{search}', '/people/search/findByName', 4],
])('%s of Spring Data REST is the repository that %s names', async (route, path, line) => {
  const files = {
    'src/PersonRepository.java':
      'package fen;\n@RepositoryRestResource(path = "people")\npublic interface PersonRepository extends CrudRepository<Person, Long> {\n    List<Person> findByName(String name);\n}\n',
  };
  const attributes = { 'http.request.method': 'GET', 'http.route': route, 'url.path': path };
  expect(await placeOf({ name: `GET ${route}`, kind: 2, language: 'java', attributes }, files)).toBe(
    `src/PersonRepository.java:${line}`,
  );
});
