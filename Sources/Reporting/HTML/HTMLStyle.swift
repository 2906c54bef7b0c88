/// The page's style sheet and its small script; without the script the page loses sorting and filtering only.
enum HTMLStyle {
    static let sheet = """
        :root{--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--ground:#f6f7f9;--accent:#1f5fa8;--e:#a8201a;--d:#d4600b;--c:#b58900;--b:#6b8e23;--a:#3d7d4f}
        *{box-sizing:border-box}
        body{margin:0;overflow-wrap:break-word;color:var(--ink);background:var(--ground);font:15px/1.5 "Noto Sans","Segoe UI","Helvetica Neue",Arial,"Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif}
        main,header,footer{max-width:1180px;margin:0 auto;padding:0 24px}
        header{padding-top:20px}
        h1{font-size:26px;margin:0 0 2px}
        h2{font-size:19px;margin:34px 0 10px;padding-bottom:5px;border-bottom:2px solid var(--line)}
        h3{font-size:16px;margin:0 0 4px}
        p{margin:6px 0}
        a{color:var(--accent);text-decoration:none}
        a:hover{text-decoration:underline}
        .soft{color:var(--soft)}
        .small{font-size:13px}.whole{white-space:nowrap}
        .notice{background:#fff6dd;border:1px solid #e8c768;border-left:5px solid #d9a400;border-radius:4px;padding:8px 12px;margin:12px 0}
        .switch{position:absolute;opacity:0;pointer-events:none}
        .languages{max-width:1180px;margin:0 auto;padding:12px 24px 0;text-align:right;font-size:13px}
        .languages label{cursor:pointer;padding:3px 10px;border:1px solid var(--line);background:#fff}
        #show-en:checked~.languages label[for=show-en],#show-zh:checked~.languages label[for=show-zh]{background:var(--accent);color:#fff;border-color:var(--accent)}
        #show-en:focus-visible~.languages label[for=show-en],#show-zh:focus-visible~.languages label[for=show-zh]{outline:2px solid #000}
        #show-en:checked~* [lang=zh],#show-zh:checked~* [lang=en]{display:none}
        .languages [lang]{display:inline!important}
        .tiles{display:flex;flex-wrap:wrap;gap:12px;margin:14px 0}
        .tile{background:#fff;border:1px solid var(--line);border-radius:6px;padding:10px 16px;flex:1 1 150px}
        .tile b{display:block;font-size:21px;line-height:1.3;white-space:nowrap}
        table{border-collapse:collapse;width:100%;background:#fff;font-size:14px}
        th,td{padding:7px 9px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{background:#eef1f5;font-weight:600;font-size:13px;white-space:nowrap}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
        .scroll table tr:last-child td{border-bottom:0}
        .top td{padding:9px}.top .who{min-width:215px}.top .why{min-width:300px}
        .top .rank{font-size:20px;font-weight:700;text-align:right;width:40px}
        .range{font-size:12px;font-weight:400;white-space:nowrap}
        .scroll.narrow{width:fit-content;max-width:100%;margin:10px 0}.matrix{width:auto}.matrix td.n{min-width:46px}.matrix .same{background:#f1f3f6}
        .strips{display:grid;grid-template-columns:minmax(150px,270px) minmax(0,1fr) max-content;gap:1px 12px;align-items:center;font-size:13px;margin:4px 0 10px}
        .strips svg{display:block;width:100%;height:22px}.strips .m,.strips .o{vector-effect:non-scaling-stroke;stroke:var(--accent);stroke-width:2}
        .strips .o{stroke:var(--e);stroke-width:11;stroke-linecap:round}.strips .v{text-align:right;font-variant-numeric:tabular-nums}
        .name{font-weight:600;word-break:break-word}
        .grade{display:inline-block;min-width:25px;text-align:center;font-weight:700;color:#fff;border-radius:4px;padding:0 6px}
        .E{background:var(--e)}.D{background:var(--d)}.C{background:var(--c)}.B{background:var(--b)}.A{background:var(--a)}
        .bar{display:block;height:9px;background:#e6eaef;border-radius:5px;overflow:hidden;width:110px;margin-top:4px}
        .bar i{display:block;height:100%}
        .reason{margin:0 0 4px}
        .reason b{font-weight:600}
        .grades{display:flex;height:22px;border-radius:4px;overflow:hidden;font-size:12px;color:#fff;margin-top:6px}
        .grades span.part{display:block;text-align:center;overflow:hidden;white-space:nowrap;line-height:22px}
        .card{background:#fff;border:1px solid var(--line);border-radius:6px;padding:14px 16px;margin:12px 0}
        .parts{display:flex;flex-wrap:wrap;gap:14px;margin:10px 0;align-items:flex-start}.parts>div{flex:1 1 300px}.parts table{font-size:13px}
        svg{max-width:100%;height:auto}
        details.card>summary{cursor:pointer;font-weight:600}
        details.card[open]>summary{margin-bottom:8px}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 16px;margin:8px 0;font-size:14px}
        dt{color:var(--soft)}
        dd{margin:0;word-break:break-word}
        code{font:13px/1.4 "Noto Sans Mono",Consolas,Menlo,monospace;background:#eef1f5;padding:1px 4px;border-radius:3px;word-break:break-all}
        .tools{display:flex;gap:10px;align-items:center;margin:8px 0;flex-wrap:wrap}
        .tools[hidden]{display:none}
        .tools label{font-size:14px;color:var(--soft)}.tools input,.tools select{margin-left:4px;font:inherit;font-size:14px;padding:4px 8px;border:1px solid #b9c2cd;border-radius:4px}
        th button{font:inherit;border:0;background:none;padding:0;cursor:pointer;color:inherit}
        th button::after{content:" ↕";color:#9aa5b1}
        footer{padding:22px 24px 30px;color:var(--soft);font-size:13px}
        .running,.printed,.tag{display:none}nav{font-size:14px;margin:12px 0 0}
        @media screen and (max-width:760px){.strips{grid-template-columns:minmax(0,1fr) minmax(0,max-content);overflow-wrap:anywhere}.strips svg{grid-area:auto/1/auto/3;order:0;margin-bottom:6px}
        main,header,footer,.languages{padding-left:12px;padding-right:12px}.bar{width:70px}
        .top,.top tbody,.top tr{display:block}.top thead{display:none}.top tr{display:grid;grid-template-columns:40px 1fr auto auto;padding:6px 4px;border-bottom:1px solid var(--line)}
        .top td{border:0;padding:3px 6px}.top .tag{display:inline}.top td.n,.top .why{grid-column:2/-1;text-align:left;min-width:0}.top .who{min-width:0}}
        @media print{details::details-content{content-visibility:visible;block-size:auto}body{background:#fff;font-size:11px}.languages,.tools,nav,details.quiet:not([open]),tr.zero{display:none!important}.printed{display:block}main,header,footer{max-width:none;padding:0}
        @supports(-moz-appearance:none){.running{display:block;position:fixed;bottom:0;left:0;right:0;text-align:center;font-size:9px;color:#444}}h2+p{break-after:avoid}th button{display:contents}th button::after{content:none}table,.parts table,th,.small{font-size:11px}td,th{padding:4px 5px}.scroll th{white-space:normal}.top .who,.top .why{min-width:0}.evidence td,.evidence th{font-size:7px;padding:2px 3px;white-space:normal;word-break:break-all}
        h2{break-after:avoid}tr,.card,svg{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}a{color:inherit}
        .grade,.bar,.bar i,.grades,th{-webkit-print-color-adjust:exact;print-color-adjust:exact}@page{size:A4;margin:14mm 12mm 18mm}}
        """

    /// What stands at the foot of every printed page. Firefox knows no such boxes and has the element `running` instead.
    static func foot(_ text: String) -> String {
        "@page{@bottom-center{content:\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\";font:9px sans-serif;color:#444}}"
    }

    static let script = """
        (function(){
        function open(at){var e=document.getElementById(at);if(e&&e.tagName==='DETAILS')e.open=true}
        document.addEventListener('click',function(c){var a=c.target.closest('a[href^="#"]');if(a)open(a.getAttribute('href').slice(1))});
        open(location.hash.slice(1));
        var table=document.getElementById('all');if(!table)return;
        var body=table.tBodies[0],rows=Array.prototype.slice.call(body.rows),tools=document.getElementById('tools');
        var text=document.getElementById('find'),grade=document.getElementById('grade'),count=document.getElementById('count');
        tools.hidden=false;
        function filter(){var t=text.value.toLowerCase(),g=grade.value,n=0;rows.forEach(function(r){
        var hit=(!g||r.getAttribute('data-g')===g)&&(!t||r.textContent.toLowerCase().indexOf(t)>=0);r.hidden=!hit;if(hit)n++});
        count.textContent=n+' / '+rows.length}
        text.addEventListener('input',filter);grade.addEventListener('change',filter);filter();
        Array.prototype.forEach.call(table.tHead.rows[0].cells,function(cell,column){
        if(!cell.hasAttribute('data-k'))return;var button=document.createElement('button'),down=false;button.type='button';
        while(cell.firstChild)button.appendChild(cell.firstChild);cell.appendChild(button);
        button.addEventListener('click',function(){var numbers=cell.getAttribute('data-k')==='n';down=!down;
        function key(r){var c=r.cells[column],v=c.getAttribute('data-v');v=v===null?c.textContent:v;return numbers?parseFloat(v):v}
        rows.sort(function(x,y){var a=key(x),b=key(y);return (a<b?-1:a>b?1:0)*(down?1:-1)});
        rows.forEach(function(r){body.appendChild(r)})})})
        })();
        """
}
