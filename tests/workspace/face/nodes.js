// Elements, made of what they are told: text is text, never markup.

/// An element. Properties that are functions are listeners; `class`, `data-…` and the like are attributes.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(3).filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

/// What a browser may be sent to.
export const leadsOut = href => /^(https?:|mailto:|tel:)/i.test(href);

/// A link somewhere outside.
export function link(href, ...children) {
  return leadsOut(href) ? h('a', {href, target: '_blank', rel: 'noopener noreferrer'}, ...children) : h('span', {}, ...children);
}

/// Draws again only what changed, so that nobody's focus or open menu is lost: `from` is all that it depends on. Whether it did.
export function drawOnce(element, from, children) {
  const key = JSON.stringify(from);
  if (element.drawnFrom === key) return false;
  element.drawnFrom = key;
  element.replaceChildren(...children().flat(2).filter(child => child !== null && child !== undefined && child !== false));
  return true;
}

/// Makes `nodes` the children, and moves none that is in its place: what is moved loses focus and where it was scrolled to.
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => { if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null); });
}
