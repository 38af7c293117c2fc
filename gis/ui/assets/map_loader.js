/* Rides on every rerun, so it only fetches the script that does the work. */
const hosts = (window.JiujinHosts = window.JiujinHosts || {});

export default function (component) {
  const url = new URL(component.data.host, window.location.href).href;
  let end = null, isOver = false;
  if (!hosts[url]) {
    hosts[url] = import(url);
    hosts[url].catch(function () { delete hosts[url]; });  /* the next view tries again */
  }
  hosts[url].then(function (host) { if (!isOver) { end = host.default(component); } }, function (error) {
    component.parentElement.querySelector('.jj-street').textContent = '地图没有载入，请刷新页面';
    window.console.error(error);
  });
  return function () { isOver = true; if (end) { end(); } };
}
