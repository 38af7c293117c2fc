/* Who is signed in, and the few words that Streamlit has in English only.

   Only whole texts of Streamlit's own parts are replaced, never a text from data: a name that reads "Search" stays. */
const WORDS = {
  'Skip to main content': '跳到正文', 'Upload': '选择文件', 'Drag and drop a file here': '把文件拖到这里',
  'Search': '查找', 'Fullscreen': '全屏', 'Close fullscreen': '退出全屏', 'Show/hide columns': '选择列',
  'Select all': '全选', 'Clear all': '全部清除', 'Clear value': '清除', 'Clear selection': '取消选择',
  'No results': '没有符合的', 'No data': '没有数据', 'No content': '没有内容', 'Choose an option': '请选择',
  'Choose options': '请选择', 'Open': '展开', 'Sort ascending': '升序', 'Sort descending': '降序',
  'Autosize': '自动列宽', 'Pin column': '固定此列', 'Unpin column': '取消固定', 'Hide column': '隐藏此列',
  'Copy column name': '复制列名', 'Copied': '已复制', 'Copy to clipboard': '复制', 'Link to heading': '本节链接',
  'Navigate to home page': '回到首页', 'App pages': '页面', 'Increment': '增加', 'Decrement': '减少',
  'file upload': '选择文件', 'Sidebar': '菜单', 'Collapse sidebar': '收起菜单', 'Expand sidebar': '展开菜单', 'Add files': '换一个文件', 'Dismiss': '关闭', 'Selected values': '已选', 'Multiselect options': '选项', 'Selectbox options': '选项',
  'Close Search': '关闭查找', 'Previous Result': '上一处', 'Next Result': '下一处', 'Dataframe column menu': '列菜单',
  'Loading...': '正在载入…', 'Connecting': '正在连接', 'Connection error': '连接中断', 'Close': '关闭', 'Stop': '停止',
  'Streamlit server is not responding. Are you connected to the internet?': '服务器没有回应，请检查本机网络；恢复后页面会自己接上',
  'Running...': '正在处理…', 'Is Streamlit still running?': '服务是否还在运行？', 'Cancel': '取消', 'Retry': '重试',
  'Number is above the allowed range.': '超过允许的最大值', 'Number is below the allowed range.': '小于允许的最小值'
};
const PATTERNS = [
  [/^([\d.]+) ?MB per file$/, '每个文件不超过 $1 MB'], [/^Remove (.+)$/, '去掉 $1'], [/^Help for (.+)$/, '$1：说明'],
  [/^(\d+) more$/, '更多（$1）'], [/^(\d+|over 1000) results?$/, '$1 处'], [/^(\d+) of (\d+) results?$/, '第 $1 处，共 $2 处'],
  [/^File must be ([\d.]+) ?MB or smaller\.$/, '文件不能超过 $1 MB'], [/^.* files are not allowed\.$/, '不接受这种文件'],
  [/^Number is (above|below|outside) .*$/, '超出允许的范围'], [/^Showing page (\d+) of (\d+)$/, '第 $1 页，共 $2 页']
];
/* Formats and figures of a column stay out of sight; our own downloads keep a cell that looks like a formula a text. */
const HIDDEN = new Set(['Format', 'Statistics']);
const PARTS = [
  'stFileUploader', 'stTooltipContent', 'stElementToolbar', 'stDataFrameColumnMenu', 'stDataFrameColumnVisibilityMenu',
  'stDataFrameTooltipContent', 'stStatusWidget', 'stDialog', 'stConnectionStatus', 'stNumberInput', 'stMultiSelect',
  'stSelectbox', 'stAlertContainer', 'stTopNavSection', 'stSidebarNav'
].map(function (name) { return '[data-testid="' + name + '"]'; }).join(',') + ',[role=listbox],[role=dialog],.gdg-search-bar,a[href="#"],.stDataFrame';
const DATA = '[data-testid=stFileUploaderFileName],[role=option],[role=row],[data-testid=stMarkdownContainer] code,.jj-street,.jj-table';
const NAMES = ['aria-label', 'title', 'placeholder'];

function chinese(text) {
  const bare = text.trim();
  if (Object.prototype.hasOwnProperty.call(WORDS, bare)) { return WORDS[bare]; }
  for (const [pattern, said] of PATTERNS) { if (pattern.test(bare)) { return bare.replace(pattern, said); } }
  return null;
}

function sayText(node) {
  if (!/[A-Za-z]/.test(node.data)) { return; }
  const parent = node.parentElement, bare = node.data.trim();
  if (!parent) { return; }
  if (HIDDEN.has(bare) && parent.closest('[data-testid=stDataFrameColumnMenu]')) {
    (parent.closest('[role=menuitem]') || parent).style.display = 'none';
    return;
  }
  const isOption = (bare === 'Select all' || bare === 'No results') && parent.closest('[role=option]');
  if (!isOption && parent.closest(DATA)) { return; }
  if (!isOption && !parent.closest(PARTS) && bare !== 'Skip to main content') { return; }
  const said = chinese(node.data);
  if (said !== null) { node.data = said; }
}

function sayNames(element) {
  for (const name of NAMES) {
    const value = element.getAttribute(name), said = value && /[A-Za-z]/.test(value) ? chinese(value) : null;
    if (said !== null && said !== value) { element.setAttribute(name, said); }
  }
}

function sayAll(root) {
  if (root.nodeType === 3) { sayText(root); return; }
  if (root.nodeType !== 1 || root.closest('.jj-street')) { return; }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === 3) { sayText(node); } else { sayNames(node); }
  }
}

function speakChinese() {
  if (window.JiujinSpeaks) { return; }
  window.JiujinSpeaks = new MutationObserver(function (changes) {
    for (const change of changes) {
      if (change.type === 'attributes') { sayNames(change.target); }
      else if (change.type === 'characterData') { sayText(change.target); }
      else { change.addedNodes.forEach(sayAll); }
      if (change.type === 'childList' && change.target.closest('header')) { markHeading(); }
    }
  });
  document.documentElement.lang = 'zh-CN';
  sayAll(document.body);
  window.JiujinSpeaks.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES
  });
}

/* On a phone the menu lies over the page: it goes when a page has been chosen, and is not open on arrival. */
function closeMenu() {
  const isOpen = document.querySelector('[data-testid=stSidebar][data-collapsed=false]');
  const button = document.querySelector('[data-testid=stSidebarCollapseButton] button');
  if (window.innerWidth < 700 && isOpen && button) { button.click(); }
}

function keepMenuAway() {
  if (window.JiujinMenu) { return; }
  window.JiujinMenu = true;
  window.setTimeout(closeMenu, 0);
  document.addEventListener('click', function (event) {
    if (event.target.closest && event.target.closest('[data-testid=stSidebarNavLink]')) { window.setTimeout(closeMenu, 0); }
  });
}

/* The heading of the menu that holds this page. Headings that find no room share one, which holds what they hold. */
function markHeading() {
  document.querySelectorAll('[data-testid=stTopNavSection]').forEach(function (button) {
    const isHere = button.textContent.trim() === window.JiujinHeading;
    if (isHere !== button.hasAttribute('data-jj-here')) { button.toggleAttribute('data-jj-here', isHere); }
  });
}

export default function (component) {
  const name = component.parentElement.querySelector('.jj-who-name');
  if (name) {
    name.textContent = component.data.name;
    name.title = component.data.role;
  }
  window.JiujinHeading = component.data.heading || null;
  speakChinese();
  markHeading();
  keepMenuAway();
}
