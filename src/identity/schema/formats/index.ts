import { isIPv6 } from 'node:net';
import { re2Trouble } from '../re2.js';
import { isHostname, isMailAddress } from './mail-address.js';
import { isTelephone } from './telephone.js';
import { isDate, isDateTime, isTime } from './times.js';
import { isUri, isUriReference, isUriTemplate } from './uri.js';

export { isMailAddress } from './mail-address.js';

export type Format = (text: string) => boolean;

/** Anything that can be dialled, with any grouping of its digits, including numbers of a private network. */
export const isPhone: Format = (text) => /^\+?[0-9][0-9 ()./-]{2,38}$/.test(text);

/** Four numbers up to 255; each may have leading zeros and a sign. */
const isIPv4: Format = (text) => {
  const groups = text.split('.');
  return (
    groups.length === 4 &&
    groups.every((group) => /^[+-]?\d+$/.test(group) && Number(group) >= 0 && Number(group) <= 255)
  );
};
/** Characters. The limit bounds the time to compile. */
const LONGEST_EXPRESSION = 4_096;
const isExpression: Format = (text) => text.length <= LONGEST_EXPRESSION && re2Trouble(text) === undefined;
const isPointer: Format = (text) => /^(?:\/(?:[^/~]|~[~01])*)*$/.test(text);
const isRelativePointer: Format = (text) => {
  const rest = /^(?:0|[1-9]\d*)(.*)$/s.exec(text)?.[1];
  return rest === '#' || (rest !== undefined && isPointer(rest));
};

/**
 * The formats that Kratos checks, with the same results. Any other format name is ignored, as in Kratos. Values that
 * are not text, including `null`, fail these formats.
 */
export const FORMATS: ReadonlyMap<string, Format> = new Map(
  Object.entries({
    'date-time': isDateTime,
    date: isDate,
    time: isTime,
    hostname: isHostname,
    email: isMailAddress,
    tel: isTelephone,
    'ip-address': isIPv4,
    ipv4: isIPv4,
    ipv6: (text: string) => isIPv6(text) && !text.includes('%'),
    uri: isUri,
    iri: isUri,
    'uri-reference': isUriReference,
    uriref: isUriReference,
    'iri-reference': isUriReference,
    'uri-template': isUriTemplate,
    regex: isExpression,
    'json-pointer': isPointer,
    'relative-json-pointer': isRelativePointer,
  }),
);
