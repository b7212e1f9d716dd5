import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createPaginatedRowModel,
  createSortedRowModel,
  filterFns,
  rowPaginationFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useState } from 'react';

type Person = { name: string; age: number; visits: number };
const features = tableFeatures({
  columnFilteringFeature,
  rowPaginationFeature,
  rowSelectionFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
  sortedRowModel: createSortedRowModel(),
  filterFns,
  sortFns,
});
const helper = createColumnHelper<typeof features, Person>();
const columns = helper.columns([
  helper.display({
    id: 'select',
    header: () => '✓',
    cell: ({ row }) => <input type="checkbox" aria-label={`select ${row.original.name}`} checked={row.getIsSelected()} onChange={row.getToggleSelectedHandler()} />,
  }),
  helper.accessor('name', { header: 'Name' }),
  helper.accessor('age', { header: 'Age' }),
  helper.accessor('visits', { header: 'Visits' }),
]);
const names = ['Tanner', 'Tandy', 'Joe', 'Ada', 'Grace', 'Linus', 'Margaret', 'Barbara'];
const people: Person[] = Array.from({ length: 120 }, (_, n) => ({ name: `${names[n % names.length]} ${n}`, age: 18 + ((n * 37) % 60), visits: (n * 7919) % 1000 }));

export default function PeopleTable() {
  const [data] = useState(people);
  const table = useTable({ features, columns, data, initialState: { pagination: { pageIndex: 0, pageSize: 10 } } });
  const { pageIndex } = table.state.pagination;
  return (
    <main>
      <input placeholder="Filter names" value={(table.getColumn('name')?.getFilterValue() as string) ?? ''} onChange={(event) => table.getColumn('name')?.setFilterValue(event.target.value)} />
      <table>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th key={header.id} onClick={header.column.getToggleSortingHandler()}>
                  {header.isPlaceholder ? null : <table.FlexRender header={header} />}
                  {{ asc: ' 🔼', desc: ' 🔽' }[header.column.getIsSorted() as string] ?? null}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              {row.getAllCells().map((cell) => (
                <td key={cell.id}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <button onClick={() => table.previousPage()} disabled={!table.getCanPreviousPage()}>previous</button>
      <button onClick={() => table.nextPage()} disabled={!table.getCanNextPage()}>next</button>
      <select aria-label="rows" value={table.state.pagination.pageSize} onChange={(event) => table.setPageSize(Number(event.target.value))}>
        {[10, 50, 100].map((size) => (
          <option key={size} value={size}>show {size}</option>
        ))}
      </select>
      <p id="state">
        page {pageIndex + 1} of {table.getPageCount()}, {Object.keys(table.state.rowSelection).length} selected
      </p>
    </main>
  );
}
