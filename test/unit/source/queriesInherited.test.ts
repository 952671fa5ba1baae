// Queries by methods that classes have from a library, MyBatis-Plus above all: they stand in no source, and others' of their names do.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const asked = (text: string, type: string, method: string) => ({
  name: 'SELECT harbour',
  scope: 'io.opentelemetry.jdbc',
  language: 'java',
  attributes: { 'db.query.text': text },
  family: {
    ancestors: [
      {
        name: method,
        service: '',
        kind: 1,
        language: 'java',
        attributes: { 'code.function.name': `${type}.${method}`, 'code.file.path': `/app/src/${type}.java` },
      },
    ],
    before: [],
    children: [],
  },
});

describe('a query by a method of a library', () => {
  const files = {
    'src/QuayController.java': `public class QuayController {
    private QuayService quayService;
    public R check(String quayName) {
        Quay found = this.quayService.getByName(quayName);
        return R.ok(found);
    }
    public R manifest(Long id) {
        QuayDocumentDO one = documentService.getQuayDocument(id);
        return R.ok(one);
    }
    public R drop(Long id) {
        documentService.deleteQuayDocument(id);
        return R.ok();
    }
    private QuayDocumentService documentService;
}
`,
    'src/QuayService.java': 'public interface QuayService extends IService<Quay> {\n    Quay getByName(String quayName);\n}\n',
    'src/impl/QuayServiceImpl.java': `public class QuayServiceImpl extends ServiceImpl<QuayMapper, Quay> implements QuayService {
    public Quay getByName(String quayName) {
        return this.lambdaQuery().eq(Quay::getQuayName, quayName).one();
    }
}
`,
    'src/QuayDocumentService.java':
      'public interface QuayDocumentService {\n    QuayDocumentDO getQuayDocument(Long id);\n    void deleteQuayDocument(Long id);\n}\n',
    'src/impl/QuayDocumentServiceImpl.java': `public class QuayDocumentServiceImpl implements QuayDocumentService {
    private PortQuayDocumentMapper quayDocumentMapper;
    public QuayDocumentDO getQuayDocument(Long id) {
        return quayDocumentMapper.selectById(id);
    }
    public void deleteQuayDocument(Long id) {
        quayDocumentMapper.deleteById(id);
    }
}
`,
    'src/PortQuayDocumentMapper.java':
      '@Mapper\npublic interface PortQuayDocumentMapper extends BaseMapperX<QuayDocumentDO> {\n}\n',
    'src/QuayMapper.xml': `<?xml version="1.0"?>
<mapper namespace="harbour.QuayMapper">
  <select id="queryQuays">
    select id, quay_name, depth from t_quay
    <where>
      <if test="depth != null">and depth = #{depth}</if>
    </where>
  </select>
</mapper>
`,
    'src/BuoyMapper.java': `@Mapper
public interface BuoyMapper extends BaseMapperX<BuoyDO> {
    default BuoyDO selectById(Long id, Long user) {
        return selectOne(BuoyDO::getId, id, BuoyDO::getUserId, user);
    }
}
`,
  };
  it.each([
    [
      'behind what begins one',
      'SELECT id, quay_name, depth FROM t_quay WHERE (quay_name = ?)',
      'check',
      'src/impl/QuayServiceImpl.java:3',
    ],
    [
      'whose name is another class’s method',
      'SELECT id, name, deleted FROM port_quay_document WHERE id = ? AND deleted = ?',
      'manifest',
      'src/impl/QuayDocumentServiceImpl.java:4',
    ],
    [
      'which only marks',
      'UPDATE port_quay_document SET deleted = ? WHERE id = ? AND deleted = ?',
      'drop',
      'src/impl/QuayDocumentServiceImpl.java:7',
    ],
  ])('is found %s', async (_, text, method, place) => {
    expect(await placeOf(asked(text, 'QuayController', method), files)).toBe(place);
  });
});
