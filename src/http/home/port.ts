// What the pages ask of the database. The port itself lies in the engine, where database and pages may both reach it.
export type * from '../../engine/home.ts';
