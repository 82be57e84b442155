import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodedError, defineErrors, isCodedError } from "./coded-error.ts";

const errors = defineErrors({
  BASE_PORT_TAKEN: {
    message: ({ port }: { port: number }) => `port ${port} is taken`,
    fix: ({ port }) => `stop the program that listens on ${port}`,
    retriable: true,
  },
  BASE_FULL: {
    message: () => "nothing is free",
    fix: () => "remove something",
    retriable: false,
  },
});

describe("defineErrors", () => {
  it("takes the code from the key, and message and fix from the wrong value", () => {
    const error = errors.BASE_PORT_TAKEN({ port: 8080 });
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, message: error.message, name: error.name }).toEqual({
      name: "CodedError",
      code: "BASE_PORT_TAKEN",
      message: "port 8080 is taken",
      fix: "stop the program that listens on 8080",
      retriable: true,
      params: { port: 8080 },
    });
  });

  it("keeps the cause, and has none where none was given", () => {
    const cause = new Error("EADDRINUSE");
    expect(errors.BASE_PORT_TAKEN({ port: 1 }, cause).cause).toBe(cause);
    expect("cause" in errors.BASE_PORT_TAKEN({ port: 1 })).toBe(false);
  });

  it("copies the parameters, so that a later change does not reach the error", () => {
    const params = { port: 1 };
    const error = errors.BASE_PORT_TAKEN(params);
    params.port = 2;
    expect(error.params).toEqual({ port: 1 });
    expect(Object.isFrozen(error.params)).toBe(true);
  });

  it("lists its codes in order and cannot be changed", () => {
    expect(errors.codes).toEqual(["BASE_FULL", "BASE_PORT_TAKEN"]);
    expect(Object.isFrozen(errors)).toBe(true);
    expect(Object.isFrozen(errors.codes)).toBe(true);
  });

  it("checks the parameters of each code at compile time", () => {
    // @ts-expect-error The port is a number.
    errors.BASE_PORT_TAKEN({ port: "8080" });
    // @ts-expect-error There is no such code.
    expect(errors.BASE_UNKNOWN).toBeUndefined();
  });
});

describe("isCodedError", () => {
  it("recognizes an error that another copy of the module made", () => {
    const foreign = Object.assign(new Error("port 1 is taken"), {
      [Symbol.for("tenantry.coded-error")]: true,
    });
    expect(foreign).not.toBeInstanceOf(CodedError);
    expect(isCodedError(foreign)).toBe(true);
  });

  it("recognizes nothing that data could be, parsed JSON included", () => {
    fc.assert(
      fc.property(fc.anything(), fc.json(), (value, json) => {
        expect(isCodedError(value)).toBe(false);
        expect(isCodedError(JSON.parse(json))).toBe(false);
      }),
    );
    expect(isCodedError(new Error("code: BASE_FULL"))).toBe(false);
  });
});
