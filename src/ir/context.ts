/** The dialects in force, interned operation names, and where diagnostics go. */

import { enableMapSet, produce } from 'immer';
import {
  createDiagnostic,
  type Diagnostic,
  type DiagnosticHandler,
  type Position,
  type Severity,
} from '../support/index.js';
import type { DialectDefinition, OperationDefinition } from './definition.js';
import type { AttributeDefinition, TypeDefinition } from './dialect-type.js';
import type { Operation } from './operation.js';
import { OperationName } from './operation-name.js';

enableMapSet();

/** The loaded dialects: an immutable value, so that a fork shares it until one side loads another dialect. */
export interface DialectRegistry {
  readonly dialects: ReadonlyMap<string, DialectDefinition>;
}

export class Context {
  private names = new Map<string, OperationName>();
  private handlers: DiagnosticHandler[] = [];
  /** Whether operations, types and attributes of dialects that are not loaded are accepted. */
  allowUnregisteredDialects = false;
  /** Further notes for the diagnostics of an operation; absent: none. */
  notesOnDiagnostics: ((op: Operation) => readonly Diagnostic[]) | undefined;
  /** Number of errors reported so far. */
  errorCount = 0;

  constructor(private registry: DialectRegistry = { dialects: new Map() }) {}

  /** A context with the same dialects that can go its own way. */
  fork(): Context {
    const fork = new Context(this.registry);
    fork.allowUnregisteredDialects = this.allowUnregisteredDialects;
    fork.notesOnDiagnostics = this.notesOnDiagnostics;
    return fork;
  }

  /** Loads a dialect, replacing one of the same name. Only before operations of that dialect are built. */
  loadDialect(dialect: DialectDefinition): void {
    this.registry = produce(this.registry, (draft) => {
      (draft.dialects as Map<string, DialectDefinition>).set(dialect.name, dialect);
    });
    this.names = new Map();
  }

  get dialects(): ReadonlyMap<string, DialectDefinition> {
    return this.registry.dialects;
  }

  getOperationDefinition(name: string): OperationDefinition | undefined {
    const dot = name.indexOf('.');
    const dialect = dot === -1 ? undefined : this.registry.dialects.get(name.slice(0, dot));
    return dialect?.operations.get(name);
  }

  getTypeDefinition(dialect: string, mnemonic: string): TypeDefinition | undefined {
    return this.registry.dialects.get(dialect)?.types.get(mnemonic);
  }

  getAttributeDefinition(dialect: string, mnemonic: string): AttributeDefinition | undefined {
    return this.registry.dialects.get(dialect)?.attributes.get(mnemonic);
  }

  /** The interned name; it has no definition when no loaded dialect declares the operation. */
  getOperationName(text: string): OperationName {
    let name = this.names.get(text);
    if (name === undefined) {
      const definition = this.getOperationDefinition(text);
      // `text` may be a slice of a file, which it would keep in memory.
      name = new OperationName(this, definition?.name ?? text, definition);
      this.names.set(name.text, name);
    }
    return name;
  }

  /** Adds a handler in front of the others; returns a function that removes it. */
  addDiagnosticHandler(handler: DiagnosticHandler): () => void {
    this.handlers.unshift(handler);
    return () => {
      this.handlers = this.handlers.filter((other) => other !== handler);
    };
  }

  /** Sends a diagnostic to the most recently added handler. */
  report(diagnostic: Diagnostic): void {
    if (diagnostic.severity === 'error') this.errorCount++;
    this.handlers[0]?.(diagnostic);
  }

  emit(
    severity: Severity,
    position: Position,
    message: string,
    notes: readonly Diagnostic[] = [],
  ): void {
    this.report(createDiagnostic(severity, position, message, notes));
  }
}
