// Mappers of MyBatis: statements with conditions, and what a generator writes for every table.
import { describe, expect, it } from 'vitest';
import { readMapper } from '../../../src/source/queries/mapperFile';
import { hintsOf, placeOf, shown } from './support/memory';

const mapper = `<?xml version="1.0" encoding="UTF-8"?>
<mapper namespace="org.ferry.BerthDao">
  <sql id="columns">b.id, b.deck, b.closed</sql>
  <!-- <select id="none">select 1 from fer_berth</select> -->
  <select id="page" resultMap="berth">
    select <include refid="columns"/>
    from fer_berth b
    <where>
      b.removed = 0
      <if test="deck != null and deck > 0">and b.deck = #{deck}</if>
      <if test="name != null"><![CDATA[and b.size <= #{size,jdbcType=INTEGER}]]></if>
    </where>
    order by b.id desc
  </select>
  <update id="close">
    update fer_berth
    <set>
      closed = 1,
      <if test="note != null">note = #{note},</if>
    </set>
    where id in <foreach collection="ids" item="id" open="(" separator="," close=")">#{id}</foreach>
  </update>
  <update id="paint">
    update fer_berth set colour = #{colour} where id = #{id}
  </update>
  <insert id="book" useGeneratedKeys="true">
    <selectKey keyProperty="id">select last_insert_id()</selectKey>
    insert into fer_berth (deck, colour) values
    <foreach collection="list" item="x" separator=",">(#{x.deck}, #{x.colour})</foreach>
  </insert>
</mapper>
`;
const files = {
  'src/main/resources/mapper/BerthDao.xml': mapper,
  'src/main/java/org/ferry/BerthService.java':
    'class BerthService {\n  private BerthDao berthDao;\n  void paint(long id) {\n    berthDao.paint(id, "red");\n  }\n}\n',
};
const asked = (text: string) => ({ name: 'fer_berth', language: 'java', attributes: { 'db.query.text': text } });

describe('a statement of a mapper', () => {
  it('has parts that are always there', () => {
    const [page] = readMapper(mapper)?.statements ?? [];
    expect(page.text.replace(/\s+/g, ' ').trim()).toBe(
      'select b.id, b.deck, b.closed from fer_berth b where b.removed = 0 and b.deck = ? and b.size <= ? order by b.id desc',
    );
    expect(page.always).not.toMatch(/size/);
    expect(readMapper('<project><build/></project>')).toBeUndefined();
  });

  it.each<[string, string, number]>([
    [
      'with one condition',
      'select b.id, b.deck, b.closed from fer_berth b where b.removed = 0 and b.deck = ? order by b.id desc',
      5,
    ],
    [
      'that a pager cut',
      'select b.id, b.deck, b.closed\n    from fer_berth b\n WHERE b.removed = ? order by b.id desc LIMIT ?, ?',
      5,
    ],
    ['that a pager counts', 'SELECT count(0) FROM fer_berth b WHERE b.removed = 0 AND b.deck = ?', 5],
    ['of many', 'update fer_berth SET closed = 1 where id in ( ? , ? , ? )', 15],
    ['of another column', 'update fer_berth set colour = ? where id = ?', 23],
    ['of several rows', 'insert into fer_berth (deck, colour) values (?, ?) , (?, ?)', 26],
  ])('%s', async (_, text, line) =>
    expect(await placeOf(asked(text), files)).toBe(`src/main/resources/mapper/BerthDao.xml:${line}`),
  );

  it('is source, and as sure as SQL elsewhere', async () => {
    const [best] = shown(await hintsOf(asked('update fer_berth set colour = ? where id = ?'), files));
    expect(best).toBe('src/main/resources/mapper/BerthDao.xml:23 0.78');
  });

  it('may be of any length and shape', () => {
    const begun = performance.now();
    for (const part of ['<!--', '<![CDATA[', '<a "', '<select id="x">', '<if>#{', "<sql id='x'><include refid='x'/>"])
      readMapper(`<mapper namespace="a.B">${part.repeat(20_000)}`);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe('a statement that a generator wrote', () => {
  const generated = `<mapper namespace="org.ferry.mapper.FerShipMapper">
  <sql id="Base_Column_List">id, name, length</sql>
  <select id="selectByPrimaryKey" parameterType="long">
    select <include refid="Base_Column_List" /> from fer_ship where id = #{id,jdbcType=BIGINT}
  </select>
  <update id="updateByPrimaryKeySelective">
    update fer_ship
    <set>
      <if test="name != null">name = #{name},</if>
      <if test="length != null">length = #{length},</if>
    </set>
    where id = #{id}
  </update>
</mapper>
`;
  const service = `class ShipService {
  @Autowired
  private FerShipMapper shipMapper;
  @Autowired
  private FerShipLineMapper shipLineMapper;
  void rename(Line line, Ship ship) {
    shipLineMapper.updateByPrimaryKeySelective(line);
    shipMapper.updateByPrimaryKeySelective(ship);
  }
}
`;
  const ports = `class PortService {
  private HarbourShipMapper shipMapper;
  void rename(Ship ship) {
    shipMapper.updateByPrimaryKeySelective(ship);
  }
}
`;
  it('leads to who calls it, by a mapper of the very table', async () => {
    const text = { ...asked('update fer_ship SET name = ? where id = ?'), name: 'UPDATE ferry' };
    const all = {
      'src/main/resources/FerShipMapper.xml': generated,
      'src/main/java/org/ferry/ShipService.java': service,
      'src/main/java/org/ferry/PortService.java': ports,
    };
    expect(await placeOf(text, all)).toBe('src/main/java/org/ferry/ShipService.java:8');
  });

  it('by a mapper that is no file at all', async () => {
    const plus = `class ShipService {
  private final ShipMapper shipMapper;
  private final ShipLineMapper shipLineMapper;
  void add(Ship ship, Line line) {
    shipLineMapper.insert(line);
    shipMapper.insert(ship);
  }
}
`;
    const text = asked('INSERT INTO fer_ship ( id, name ) VALUES ( ?, ? )');
    expect(await placeOf(text, { 'src/main/java/org/ferry/ShipService.java': plus })).toBe(
      'src/main/java/org/ferry/ShipService.java:6',
    );
  });
});

it('is the statement that compares the same, of several that select the same many columns', async () => {
  const columns = 'b.boat_id, b.name, b.number, b.owner, b.berth, b.length, b.width, b.draught, b.built, b.sold, b.flag';
  const files = {
    'src/BoatMapper.xml': `<mapper namespace="ferry.BoatMapper">
  <sql id="columns">
    ${columns}
  </sql>
  <select id="one">
    SELECT <include refid="columns"/> FROM boats b WHERE b.gone = 0 and b.boat_id = #{id}
  </select>
  <select id="by">
    SELECT <include refid="columns"/> FROM boats b WHERE b.gone = 0
    <if test="name != null">AND b.name = #{name}</if>
    <if test="owner != null">AND b.owner = #{owner}</if>
    <if test="berth != null">AND b.berth = #{berth}</if>
    <if test="flag != null">AND b.flag = #{flag}</if>
  </select>
</mapper>
`,
  };
  const asked = {
    name: 'SELECT ferry.boats',
    kind: 3,
    scope: 'io.opentelemetry.jdbc',
    language: 'java',
    attributes: { 'db.system': 'mysql', 'db.statement': `SELECT ${columns} FROM boats b WHERE b.gone = ? AND b.name = ?` },
  };
  expect(await placeOf(asked, files)).toBe('src/BoatMapper.xml:8');
});
