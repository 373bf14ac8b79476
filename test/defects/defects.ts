/** Defects put into the code by hand, one at a time: some test must see each. */

export interface Defect {
  /** What the code does wrong with it. */
  readonly breaks: string;
  /** From the root of the tree. */
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly replace: string;
}

/** The tests that must see the defects of a room. */
export interface Room {
  readonly name: string;
  readonly tests: readonly string[];
  readonly defects: readonly Defect[];
}

function within(folder: string): (file: string, breaks: string, find: string, replace: string) => Defect {
  return (file, breaks, find, replace) => ({ breaks, file: `${folder}/${file}`, find, replace });
}

const repair = within('src/runtime/repair');
const planner = within('src/planner');
const lineage = within('src/runtime/lineage');
const state = within('src/runtime/state');

const REPAIR: readonly Defect[] = [
  repair('origin.ts', 'an APPEND copy outlives the row that it was copied from', 'this.end(dead, places);', ''),
  repair(
    'origin.ts',
    'an APPEND copy outlives an edit of its row',
    'if (place.copiedFrom !== row || place.row < 0) continue;',
    'continue;',
  ),
  repair(
    'origin.ts',
    'a copy of a copy goes back to the copy',
    'this.known.set(copy, { base: this.baseOf(row)',
    'this.known.set(copy, { base: row',
  ),
  repair(
    'origin.ts',
    'an edit leaves the row alive',
    'this.record(row, copy, this.placeOf(row), action);\n    this.end(row, places);',
    'this.record(row, copy, this.placeOf(row), action);',
  ),
  repair(
    'origin.ts',
    'a copy begins a chain of its own',
    'place, chain: this.fired(row, action) }',
    'place, chain: { ...NO_CHAIN, first: copy } }',
  ),
  repair('origin.ts', 'a chain does not count firings', 'times: firings.times + 1 };', 'times: firings.times };'),
  repair(
    'origin.ts',
    'the end of a computed row leaves its copies',
    'if (place.row >= 0) this.table.ended.set(place.row);',
    '',
  ),
  repair(
    'origin.ts',
    'a RETRY begins a new chain',
    'chain.first < 0 ? { ...chain, first: row } : chain',
    '{ first: row, repairs: 0, firings: NO_FIRINGS }',
  ),
  repair(
    'origin.ts',
    'an APPEND through a group is never counted on its row',
    'this.setChain(row, { ...chain, firings: oneMore(firings, action) });',
    'this.setChain(row, { ...chain, firings });',
  ),
  repair(
    'act.ts',
    'repairs act in the order of their rows, from the last',
    'return places || compareAcross(a, b) || a.node - b.node;',
    'return places || compareAcross(b, a) || a.node - b.node;',
  ),
  repair(
    'act.ts',
    'the last clause of the script acts first',
    'a.span.start - b.span.start ||',
    'b.span.start - a.span.start ||',
  ),
  repair('act.ts', 'a stale repair acts', 'if (isStale(one)) {', 'if (isStale(one) && one.row < 0) {'),
  repair(
    'act.ts',
    'a RETRY leaves the other rows of the call',
    'for (let other = base + 1; other < table.length',
    'for (let other = table.length; other < table.length',
  ),
  repair(
    'copies.ts',
    'copies forget which group they are of',
    'if (group !== undefined) table.members.set(row, group);',
    '',
  ),
  repair(
    'clause.ts',
    'LIMIT lets one more',
    'mostFirings(rung, ancestors) >= rung.limit',
    'mostFirings(rung, ancestors) > rung.limit',
  ),
  repair('clause.ts', 'a repair without ancestors acts', 'if (ancestors.length === 0) return false;', ''),
  repair(
    'clause.ts',
    'of several ancestors the last one counts',
    'most = Math.max(most, member.origin',
    'most = Math.max(0, member.origin',
  ),
  repair(
    'clause.ts',
    'ASSERT fires where it holds',
    'if (fires) return { firing: holds, failed };',
    'return { firing: holds, failed };',
  ),
  repair(
    'clause.ts',
    'a row that raises an APPEND goes no further',
    "passes: rung.kind === 'append' };",
    'passes: false };',
  ),
  repair('clause.ts', 'a row that was kept goes no further', "passes: rung.kind === 'keep',", 'passes: false,'),
  repair(
    'clause.ts',
    'a condition that fails says nothing',
    'for (const [place, error] of failed) fail(place, error);',
    '',
  ),
  repair(
    'clause.ts',
    'RETRY asks beyond the last alternative',
    '(member.conjectures.get(call) ?? 0) + 1 <',
    '(member.conjectures.get(call) ?? 0) <',
  ),
  repair('groups.ts', 'a group that lost a member is not looked at', 'this.addLosers(touched, live);', ''),
  repair(
    'groups.ts',
    'a group with the same number of members is the same',
    'if (count === group.made && (group.rows === before || sameRows(group.rows, before, count))) return false;',
    'if (count === group.made) return false;',
  ),
  repair(
    'groups.ts',
    'the old version of a group lives on',
    'for (const version of group.versions) endVersion(member, version);',
    '',
  ),
  repair(
    'groups.ts',
    'a group that fails ends the job though its members change',
    'run.endings.push({ ...ending, stands: this.standing(id) });',
    'run.endings.push(ending);',
  ),
  repair(
    'groups.ts',
    'an aggregate of no rows has no row',
    '|| (this.keys.length === 0 && this.others === null);',
    ';',
  ),
  repair(
    'levels.ts',
    'a join with a settled loop is cross-row',
    'Number(isCrossRow(node, loop === undefined ? inside : new Set(loop)))',
    'Number(isCrossRow(node, inside))',
  ),
  repair(
    'run.ts',
    'higher levels act in the same pass',
    'if (member.level <= level && member.inputs.length > 0)',
    'if (member.inputs.length > 0)',
  ),
  repair(
    'run.ts',
    'passes go on at the level that acted',
    '        level = 0;\n        continue;',
    '        continue;',
  ),
  repair('run.ts', 'an ABORT of a dead row counts', 'isAlive(member, row)\n', 'true\n'),
  repair(
    'members.ts',
    'branches of one source follow one another in a region',
    'if (root !== member) {',
    'if (root === null) {',
  ),
  repair(
    'members.ts',
    'rows of a join follow the order of their making',
    'if (parentA !== parentB) return compareRows(left, parentA, parentB);',
    'if (parentA !== parentB) return a - b;',
  ),
  repair(
    'members.ts',
    'a row of a join lives without its right partner',
    "if (partner >= 0 && right !== undefined && member.node.kind === 'join') visit(right, partner, 1);",
    '',
  ),
  repair(
    'hidden.ts',
    'attempts of several ancestors are the last one’s',
    'most = Math.max(most, member.origin?.repairsOf(row) ?? 0)',
    'most = Math.max(0, member.origin?.repairsOf(row) ?? 0)',
  ),
  repair(
    'hidden.ts',
    'original is the value now',
    'member.table.value(member.origin?.chainOf(row).first ?? row, column)',
    'member.table.value(row, column)',
  ),
  repair('pairs.ts', 'old left rows do not meet new right ones', 'pairs.push([other, row]);', ';'),
  repair(
    'pairs.ts',
    'a row without partners stays when it gains one',
    'if (!wanted) this.standing.end(row, member);',
    'if (!wanted) continue;',
  ),
  repair(
    'combined.ts',
    'a pair of groups that failed is repaired on its left side only',
    '...traceAll(right.input, [...rights], trail?.behind[1] ?? null),',
    '',
  ),
  repair(
    'combined.ts',
    'a pair of groups that failed and is kept has no row',
    'this.made(table.append(batchOfValues(node.schema, [values])), version, table);',
    '',
  ),
  planner('trails.ts', 'a column of a join came by both sides', 'if (isRight !== (side === 1)) return null;', ''),
  planner(
    'trails.ts',
    'a qualifier means both sides',
    'if (rightAlias === step.name) return side === 1 ? [rest] : [];',
    'if (rightAlias === step.name) return [rest];',
  ),
  repair('top.ts', 'what falls out of a TOP stays', 'if (!wanted.has(row)) this.standing.end(row, member);', ''),
];

const LINEAGE: readonly Defect[] = [
  lineage(
    'reader.ts',
    'a row of a union comes from another',
    'Math.floor(number / inputs.length);\n    const from',
    'number;\n    const from',
  ),
  lineage(
    'reader.ts',
    'rows are counted from the first of all, not of their block',
    'return block === null ? -1 : (this.ints(block)[row - block.rows[0]] ?? -1);',
    'return block === null ? -1 : (this.ints(block)[row] ?? -1);',
  ),
  lineage(
    'reader.ts',
    'a value that came by the right side is read from the left',
    "facts.place.kind === 'passed' ? facts.place.side : -1",
    "facts.place.kind === 'passed' ? 0 : -1",
  ),
  lineage(
    'region.ts',
    'rows of a region are numbered from nought',
    '(this.firsts.get(member.node.id) ?? 0) + row',
    'row',
  ),
  lineage('region.ts', 'dead rows of a region count as alive', 'live[row] === 0', 'live[row] === 2'),
  lineage(
    'region.ts',
    'pairs of a join in a region have lost their right row',
    'this.rowOf(right, table.partners.at(row))',
    'this.rowOf(right, -1)',
  ),
  lineage(
    'fates.ts',
    'dead versions of a row are followed',
    '!lineage.isDead(child));\n    // Of a group',
    'true);\n    // Of a group',
  ),
];

const COMMIT: readonly Defect[] = [
  state('steps.ts', 'a stale owner commits', 'record.epoch !== lease.epoch || ', ''),
  state(
    'steps.ts',
    'a job that is done takes commits',
    ' || record.end !== null) throw superseded',
    ') throw superseded',
  ),
  state(
    'steps.ts',
    'a job that runs can be taken',
    'if (record !== undefined && isLive(record, now))',
    'if (record === undefined)',
  ),
  state(
    'steps.ts',
    'an output that is written again is there twice',
    '({ path }) => path !== manifest.path',
    '() => true',
  ),
  state('keeper.ts', 'kept answers are asked for again', 'this.known = new Set(committed);', 'this.known = new Set();'),
  state(
    'keeper.ts',
    'what waits when the job ends is never written',
    '.commit(this.lease, answers)',
    '.commit(this.lease, [])',
  ),
  state(
    'packed.ts',
    'damaged answers are read',
    'if (crc32(body) !== buffer.readUInt32LE(MAGIC.length))',
    'if (body.length < 0)',
  ),
  state('packed.ts', 'the texts of an answer end where they begin', 'to[row] = at;', 'to[row] = from[row] ?? 0;'),
  state(
    'embedded/store.ts',
    'a job that begins finds answers of an earlier one',
    'dropAnswers(id);\n        return { id, epoch };',
    'return { id, epoch };',
  ),
  state(
    'embedded/store.ts',
    'a commit does not ask who owns the job',
    'owned(jobs.get(lease.id), lease);\n        for (const',
    'for (const',
  ),
];

export const ROOMS: readonly Room[] = [
  {
    name: 'repair',
    tests: [
      'test/oracle/oracle.test.ts',
      'test/runtime/repair/cross-row.test.ts',
      'test/runtime/repair/repair.test.ts',
      'test/runtime/engine/cross-row-repairs.test.ts',
      'test/runtime/engine/region-errors.test.ts',
      'test/runtime/engine/operator-repairs.test.ts',
      'test/runtime/engine/reducer-repairs.test.ts',
      'test/runtime/engine/repair-loops.test.ts',
    ],
    defects: REPAIR,
  },
  {
    name: 'lineage',
    tests: [
      'test/runtime/lineage/nodes.test.ts',
      'test/runtime/lineage/random.test.ts',
      'test/runtime/lineage/reference.test.ts',
      'test/runtime/lineage/files.test.ts',
    ],
    defects: LINEAGE,
  },
  {
    name: 'commit',
    tests: [
      'test/runtime/state/stores.test.ts',
      'test/runtime/state/packed.test.ts',
      'test/runtime/state/recorder.test.ts',
      'test/runtime/engine/resume.test.ts',
      'test/runtime/engine/resume-random.test.ts',
    ],
    defects: COMMIT,
  },
];
