/**
 * The eight tables of TPC-H, generated: the columns, keys, ranges and value lists of its specification, so that its queries find what they look for; the random numbers,
 * addresses and comments are our own. The same bytes for the same scale, everywhere. Scale 1 is 1.5 million orders and some 6 million line items.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'];

/** Nations with the number of their region. */
const NATIONS: readonly (readonly [name: string, region: number])[] = [
  ['ALGERIA', 0], ['ARGENTINA', 1], ['BRAZIL', 1], ['CANADA', 1], ['EGYPT', 4], ['ETHIOPIA', 0], ['FRANCE', 3], ['GERMANY', 3], ['INDIA', 2],
  ['INDONESIA', 2], ['IRAN', 4], ['IRAQ', 4], ['JAPAN', 2], ['JORDAN', 4], ['KENYA', 0], ['MOROCCO', 0], ['MOZAMBIQUE', 0], ['PERU', 1],
  ['CHINA', 2], ['ROMANIA', 3], ['SAUDI ARABIA', 4], ['VIETNAM', 2], ['RUSSIA', 3], ['UNITED KINGDOM', 3], ['UNITED STATES', 1],
]; // prettier-ignore

const words = (text: string): readonly string[] => text.split(' ');

const SEGMENTS = words('AUTOMOBILE BUILDING FURNITURE HOUSEHOLD MACHINERY');
const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];
const INSTRUCTIONS = ['COLLECT COD', 'DELIVER IN PERSON', 'NONE', 'TAKE BACK RETURN'];
const MODES = ['AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK'];
const TYPES = [
  words('ECONOMY LARGE MEDIUM PROMO SMALL STANDARD'),
  words('ANODIZED BRUSHED BURNISHED PLATED POLISHED'),
  words('BRASS COPPER NICKEL STEEL TIN'),
] as const;
const CONTAINERS = [words('JUMBO LG MED SM WRAP'), words('BAG BOX CAN CASE DRUM JAR PACK PKG')] as const;
const COLOURS = words(
  'almond azure beige black blue brown coral cream cyan dark firebrick forest ghost green honeydew indian ivory khaki lemon linen maroon mint navy olive orchid pale peach pink plum puff red rose salmon sky slate snow steel tan thistle tomato turquoise violet wheat white yellow',
);
const COMMENT = words(
  'about above account across after among asleep boldly box careful cart final fluent fox idea instruct iron ironic mill nag over packet pending plan quick quiet regular sleep slow special theory under unusual warm, wake',
);

/** Marsaglia's xorshift, 32 bits (2003). */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** A whole number from `least` to `most`, both included. */
  from(least: number, most: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return least + Math.floor(((this.state >>> 0) / 2 ** 32) * (most - least + 1));
  }

  of(list: readonly string[]): string {
    return list[this.from(0, list.length - 1)] ?? '';
  }

  /** Quoted: some words end in a comma. */
  comment(least: number, most: number): string {
    return `"${Array.from({ length: this.from(least, most) }, () => this.of(COMMENT)).join(' ')}"`;
  }

  address(): string {
    return `${this.from(1, 999)} ${this.of(COLOURS)} ${this.of(COLOURS)} road`;
  }

  phone(nation: number): string {
    return `${nation + 10}-${this.from(100, 999)}-${this.from(100, 999)}-${this.from(1000, 9999)}`;
  }
}

const money = (cents: number): string => (cents / 100).toFixed(2);
const key = (what: string, at: number): string => `${what}#${String(at).padStart(9, '0')}`;

const DAY = 86_400_000;
const FIRST_ORDER = Date.UTC(1992, 0, 1) / DAY;
const LAST_ORDER = Date.UTC(1998, 7, 2) / DAY;
/** What was received by then may have come back; what was shipped later is still open. */
const TODAY = Date.UTC(1995, 5, 17) / DAY;

const DATES = Array.from({ length: LAST_ORDER - FIRST_ORDER + 1 }, (_, at) =>
  new Date((FIRST_ORDER + at) * DAY).toISOString().slice(0, 10),
);

const date = (day: number): string => DATES[day - FIRST_ORDER] ?? '';

/** Table sizes at a scale; never so few that keys lack partners. */
interface Sizes {
  readonly suppliers: number;
  readonly parts: number;
  readonly customers: number;
  readonly orders: number;
}

function sizesAt(scale: number): Sizes {
  const at = (whole: number, least: number): number => Math.max(least, Math.round(whole * scale));
  return { suppliers: at(10_000, 8), parts: at(200_000, 20), customers: at(150_000, 15), orders: at(1_500_000, 100) };
}

/** One of the four suppliers of a part. */
const supplierOf = (part: number, which: number, { suppliers }: Sizes): number =>
  ((part * 7 + which * Math.floor(suppliers / 4)) % suppliers) + 1;

const priceOf = (part: number): number => 90_000 + (Math.floor(part / 10) % 20_001) + 100 * (part % 1_000);

type Line = (at: number) => string;

/** Each table's columns and lines; those of line items are made with their orders. */
function tables(sizes: Sizes): Readonly<Record<string, readonly [header: string, count: number, line: Line]>> {
  const { suppliers, parts, customers } = sizes;
  const [region, nation, supplier, part, stock, customer] = [1, 2, 3, 4, 5, 6].map((at) => new Random(at * 7919));
  if (!region || !nation || !supplier || !part || !stock || !customer) throw new TypeError('a table without numbers');
  return {
    region: ['r_regionkey,r_name,r_comment', 5, (at) => `${at},${REGIONS[at]},${region.comment(4, 10)}`],
    nation: [
      'n_nationkey,n_name,n_regionkey,n_comment',
      NATIONS.length,
      (at) => `${at},${NATIONS[at]?.join(',')},${nation.comment(4, 10)}`,
    ],
    supplier: [
      's_suppkey,s_name,s_address,s_nationkey,s_phone,s_acctbal,s_comment',
      suppliers,
      (at) => {
        // Some of each nation, also where there are few.
        const home = (at * 7) % 25;
        const complains = supplier.from(1, 20) === 1 ? '"the Customer sent Complaints again"' : supplier.comment(4, 10);
        return `${at + 1},${key('Supplier', at + 1)},${supplier.address()},${home},${supplier.phone(home)},${money(supplier.from(-99_999, 999_999))},${complains}`;
      },
    ],
    part: [
      'p_partkey,p_name,p_mfgr,p_brand,p_type,p_size,p_container,p_retailprice,p_comment',
      parts,
      (at) => {
        const name = Array.from({ length: 5 }, () => part.of(COLOURS)).join(' ');
        const maker = part.from(1, 5);
        const type = TYPES.map((list) => part.of(list)).join(' ');
        const container = CONTAINERS.map((list) => part.of(list)).join(' ');
        return `${at + 1},${name},Manufacturer#${maker},Brand#${maker}${part.from(1, 5)},${type},${part.from(1, 50)},${container},${money(priceOf(at + 1))},${part.comment(2, 5)}`;
      },
    ],
    partsupp: [
      'ps_partkey,ps_suppkey,ps_availqty,ps_supplycost,ps_comment',
      parts * 4,
      (at) => {
        const of = Math.floor(at / 4) + 1;
        return `${of},${supplierOf(of, at % 4, sizes)},${stock.from(1, 9_999)},${money(stock.from(100, 100_000))},${stock.comment(4, 12)}`;
      },
    ],
    customer: [
      'c_custkey,c_name,c_address,c_nationkey,c_phone,c_acctbal,c_mktsegment,c_comment',
      customers,
      (at) => {
        const home = customer.from(0, 24);
        return `${at + 1},${key('Customer', at + 1)},${customer.address()},${home},${customer.phone(home)},${money(customer.from(-99_999, 999_999))},${customer.of(SEGMENTS)},${customer.comment(6, 12)}`;
      },
    ],
  };
}

/** A file that appears when it is whole. */
class Table {
  private readonly path: string;
  private readonly file: number;
  private lines: string;

  constructor(folder: string, name: string, header: string) {
    this.path = join(folder, `${name}.csv`);
    this.file = openSync(`${this.path}.part`, 'w');
    this.lines = `${header}\n`;
  }

  add(line: string): void {
    this.lines += `${line}\n`;
    if (this.lines.length >= 1 << 20) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
    renameSync(`${this.path}.part`, this.path);
  }

  private flush(): void {
    writeSync(this.file, this.lines);
    this.lines = '';
  }
}

function writeOrders(folder: string, sizes: Sizes): void {
  const random = new Random(104_729);
  const orders = new Table(
    folder,
    'orders',
    'o_orderkey,o_custkey,o_orderstatus,o_totalprice,o_orderdate,o_orderpriority,o_clerk,o_shippriority,o_comment',
  );
  const items = new Table(
    folder,
    'lineitem',
    'l_orderkey,l_partkey,l_suppkey,l_linenumber,l_quantity,l_extendedprice,l_discount,l_tax,l_returnflag,l_linestatus,l_shipdate,l_commitdate,l_receiptdate,l_shipinstruct,l_shipmode,l_comment',
  );
  for (let at = 0; at < sizes.orders; at++) {
    // Of each 32 keys the first 8 are taken.
    const order = Math.floor(at / 8) * 32 + (at % 8) + 1;
    const day = random.from(FIRST_ORDER, LAST_ORDER - 151);
    let total = 0;
    let open = 0;
    const count = random.from(1, 7);
    for (let line = 1; line <= count; line++) {
      const item = lineItem(random, day, sizes);
      total += item.cents;
      open += item.isOpen ? 1 : 0;
      items.add(`${order},${item.keys},${line},${item.rest}`);
    }
    const status = open === 0 ? 'F' : open === count ? 'O' : 'P';
    const comment = random.from(1, 60) === 1 ? '"special and unusual requests"' : random.comment(4, 10);
    orders.add(
      `${order},${customerOf(random, sizes)},${status},${money(total)},${date(day)},${random.of(PRIORITIES)},${key('Clerk', random.from(1, 1_000))},0,${comment}`,
    );
  }
  orders.close();
  items.close();
}

/** A third of the customers never order. */
function customerOf(random: Random, { customers }: Sizes): number {
  const customer = random.from(1, customers);
  return customer % 3 === 0 ? customer - 1 : customer;
}

interface LineItem {
  readonly keys: string;
  readonly rest: string;
  readonly cents: number;
  readonly isOpen: boolean;
}

function lineItem(random: Random, day: number, sizes: Sizes): LineItem {
  const part = random.from(1, sizes.parts);
  const quantity = random.from(1, 50);
  const price = quantity * priceOf(part);
  const [discount, tax] = [random.from(0, 10), random.from(0, 8)];
  const shipped = day + random.from(1, 121);
  const received = shipped + random.from(1, 30);
  const dates = [shipped, day + random.from(30, 90), received].map(date).join(',');
  const isOpen = shipped > TODAY;
  const flags = `${received <= TODAY ? random.of(['A', 'R']) : 'N'},${isOpen ? 'O' : 'F'}`;
  return {
    keys: `${part},${supplierOf(part, random.from(0, 3), sizes)}`,
    rest: `${quantity},${money(price)},${money(discount)},${money(tax)},${flags},${dates},${random.of(INSTRUCTIONS)},${random.of(MODES)},${random.comment(2, 6)}`,
    cents: Math.round(((price * (100 - discount)) / 100) * ((100 + tax) / 100)),
    isOpen,
  };
}

/** Of the answers in test/tpch/expected. */
export const TEST_SCALE = 0.004;

/** Writes the tables as CSV files with a header into a folder, which is made. */
export function writeTables(folder: string, scale: number): void {
  mkdirSync(folder, { recursive: true });
  const sizes = sizesAt(scale);
  for (const [name, [header, count, line]] of Object.entries(tables(sizes))) {
    const table = new Table(folder, name, header);
    for (let at = 0; at < count; at++) table.add(line(at));
    table.close();
  }
  writeOrders(folder, sizes);
}

/** The folder with the tables of a scale, made where it is not there yet. */
export function tpchFolder(parent: string, scale: number): string {
  const folder = join(parent, `tpch-${scale}`);
  // The line items are the last to appear.
  if (!existsSync(join(folder, 'lineitem.csv'))) writeTables(folder, scale);
  return folder;
}
