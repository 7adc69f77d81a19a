'use strict';
(() => {
  const all = () => Array.from(document.querySelectorAll('details.job > summary, details.job[open] details.step > summary'));
  const go = (list, step) => {
    if (list.length === 0) return;
    const at = list.indexOf(document.activeElement);
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
    for (let parent = next.parentElement; parent; parent = parent.parentElement) if (parent.tagName === 'DETAILS' && parent !== next.parentElement) parent.open = true;
    next.focus();
    next.scrollIntoView({ block: 'center' });
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') go(all(), 1);
    else if (event.key === 'k') go(all(), -1);
    else if (event.key === 'f') go(Array.from(document.querySelectorAll('details.step[data-failed] > summary')), 1);
    else if (event.key === 'e') {
      const details = Array.from(document.querySelectorAll('details'));
      const open = details.some(each => !each.open);
      details.forEach(each => { each.open = open; });
    } else return;
    event.preventDefault();
  });
})();
