"""Entitlement over invented documents: what an asker's figures come to, and when nothing can be said."""

import re
from fractions import Fraction
from functools import cache

import pytest

from graph.extract import extract
from graph.facts import Gist, Record
from graph.records import without_text
from ingest import parse
from ingest.model import RawDocument
from qa.answers import entitlement
from qa.answers.base import Inquiry
from qa.answers.reckoning import yuan
from qa.corpus import ClauseText, Sentence
from qa.entries import entries
from qa.model import Answer
from qa.question import Question
from qa.retrieve import Candidate, Features
from qa.text import asked, plain, sentences

DOCUMENTS = {
    "yunling": """云岭县人民政府关于印发云岭县扶持企业发展若干措施的通知
云政〔2024〕8号
各乡镇人民政府：
现印发给你们。
一、做大做强
对年营业收入首次突破1亿元、5亿元、10亿元的企业，分别给予10万元、30万元、50万元奖励。
二、技术改造
企业购置生产设备的，按设备投资额的8%给予补助，单个项目最高不超过200万元。
三、吸纳就业
企业每招用1名高校毕业生，给予1000元一次性补贴，每家企业每年最高不超过5万元。
四、种粮补贴
种植小麦的农户，每亩补贴120元；种植大豆的，每亩补贴300元。
五、技能人才
新引进的博士每人每月发放3000元生活补贴，硕士每人每月发放1500元，期限不超过3年。
六、贷款贴息
对吸纳就业的小微企业，按照贷款实际利息的50%给予贴息，每户每年最高10万元。
七、上规奖励
对首次纳入规模以上统计的服务业企业，一次性奖励8万元；次年营业收入增长15%以上的，另外奖励4万元。
八、外贸
对年出口额达到500万美元以上的企业，给予20万元奖励，达到1000万美元以上的，给予50万元奖励。
九、房租
承租县属国有企业房屋的个体工商户，免收2个月租金，减半收取6个月租金。
十、上市
企业在境内上市的，完成股份制改造奖励50万元，通过辅导验收奖励100万元，成功上市奖励300万元。
十一、研发
研发投入超过1000万元且占营业收入比重达到5%以上的企业，按研发投入的3%给予奖励，最高100万元。
十二、一次性创业补贴
首次创办企业并正常经营1年以上的返乡农民工，给予5000元一次性创业补贴，带动3人以上就业的，额外再补2000元。
十三、光伏
屋顶光伏项目按发电量给予每千瓦时0.1元补贴，连续补贴3年。
十四、品牌
获得省长质量奖的奖励50万元，获得市长质量奖的奖励20万元，获得县长质量奖的奖励5万元。
十五、稳岗
中小微企业按上年度实际缴纳失业保险费的90%返还，大型企业按50%返还。
""",
    "haiyan": """海晏市人民政府关于支持实体经济发展的若干政策
海政发〔2025〕3号
各县人民政府：
现印发给你们。
一、租金减免
对承租国有房屋的服务业小微企业，免除1个月租金，另外减半收取4个月租金。
二、上市培育
对拟上市企业，按照辅导备案登记、申报材料受理、成功挂牌三个阶段，分别给予80万元、120万元、200万元补助。
三、工匠培育
对新评为首席技师、特级技师、高级技师的职工，分别按每人5万元、3万元、1万元给予奖励。
四、数字化改造
企业实施数字化改造的，按软硬件投入的20%予以补助，单个企业最高不超过100万元。
五、研发补助
对研发费用占营业收入比重达到3%以上的企业，按研发费用的5%给予补助，每家企业每年最高200万元。
六、出口信保
企业投保出口信用保险的，按实际缴纳保费的40%给予补贴，单户企业年度最高30万元。
七、冷链设施
新建冷库的，每立方米补贴200元；购置冷藏车的，每辆补贴3万元，单个主体最高补贴50万元。
八、梯度培育
对首次认定为国家级、省级、市级绿色工厂的企业，分别给予100万元、50万元、20万元一次性奖励。
九、产值奖励
年产值首次达到5亿元以上的企业，给予20万元奖励；达到10亿元以上的，给予50万元奖励；达到50亿元以上的，给予200万元奖励。
十、稳岗
对吸纳脱贫人口就业的企业，按每人每月300元给予岗位补贴，期限不超过12个月。
十一、融资贴息
对科技型中小企业的银行贷款，按照贷款额的1.5%给予贴息，单户企业最高不超过15万元。
十二、技术合同
对技术合同成交额在500万元以上的企业，按成交额的3‰给予奖励，最高30万元。
十三、挂牌
企业在区域性股权市场挂牌的，给予10万元奖励；转到全国中小企业股份转让系统挂牌的，再给予60万元奖励。
十四、外贸
进出口额超过1000万元的企业，按每增加100万元奖励1万元。
十五、连锁
新开设便利店的，每新开1家补助2万元，每家企业最多补助30万元。
十六、品牌
获得中国质量奖的奖励100万元；获得省级质量奖的奖励50万元；获得市级质量奖的奖励10万元。同一企业按就高不重复原则执行。
""",
    "qinghe": """清河区人民政府办公室关于印发清河区促进高质量发展奖励办法的通知
清政办〔2023〕19号
各街道办事处：
现将办法印发给你们。
第一条 对新升规纳统的工业企业给予10万元奖励；对当年产值增速超过20%的，额外给予5万元奖励。
第二条 对获评国家级、省级专精特新企业的，分别一次性奖励60万元、30万元。
第三条 企业引进全日制博士研究生的，每引进1名给予用人单位2万元补助；
引进硕士研究生的，每引进1名补助5000元。每家单位每年补助总额不超过20万元。
第四条 对企业当年新增设备投资500万元以上的项目，按设备投资额的10%给予补助，同一企业最高补助300万元。
第五条 企业年纳税额达到100万元（含）以上、不足500万元的，奖励3万元；达到500万元（含）以上的，奖励10万元。
第六条 高校毕业生在本区租房的，按每人每月500元标准发放租房补贴，最长不超过24个月。
第七条 对在我区举办展会，展览面积5000平方米以上的，按每平方米10元给予主办单位补贴，单个展会最高不超过30万元。
第八条 对采购本地产品的企业，年采购额超过2000万元的，按采购额的0.5%给予奖励，年度奖励不超过50万元。
第九条 养殖场新建粪污处理设施的，每个补助2万元；购置有机肥的，每吨补助150元。
第十条 对企业为职工缴纳的社会保险费，按单位缴纳部分的25%给予补贴，补贴期限一年。
第十一条 区属国有房屋承租方，2023年免收3个月租金；其中餐饮企业再减半收取3个月租金。
第十二条 对首次获得发明专利授权的企业，每件奖励5000元；对获得国外发明专利的，每件奖励2万元。
第十三条 银行为小微企业发放信用贷款，按照贷款余额年增量的1%给予风险补偿。
第十四条 上市企业分阶段奖励：完成股改的奖励50万元，报证监局辅导备案的奖励100万元，
申报材料获受理的奖励150万元，成功上市的奖励500万元。
第十五条 对企业年营业收入首次突破10亿元、50亿元、100亿元的，分别给予企业经营团队20万元、100万元、200万元奖励。
第十六条 企业参加境外展会的展位费给予50%补助，每个展位最高补助2万元，每家企业每年最高20万元。
""",
    "songyuan": """松原县人民政府关于进一步优化营商环境促进民营经济发展的意见
松政发〔2024〕21号
各乡镇人民政府：
现提出以下意见。
一、规模奖励
年营业收入5000万元（含）至1亿元的，奖励5万元；1亿元（含）至5亿元的，奖励15万元；5亿元（含）以上的，奖励40万元。
二、培训补贴
企业组织职工参加岗前培训的，按照800元/人的标准给予补贴；参加高技能培训的，按照1500元/人的标准给予补贴。
三、技改奖补
企业技术改造项目按实际设备投入的15%、最高不超过80万元给予一次性奖补。
四、人才津贴
新引进的全日制本科生、硕士、博士，每人每年分别给予6000元、1.2万元、3.6万元生活津贴，连续发放三年。
五、首台套
对首台（套）装备生产企业，按照单台销售价格的10%给予奖励，最高奖励200万元。
六、专利
企业每新获得1项发明专利授权，奖励3000元；每新获得1项实用新型专利授权，奖励500元。
七、担保费
对融资担保公司年化担保费率不超过1%的业务，按担保额的0.5%给予补助，单户机构每年补助上限60万元。
八、失业人员
失业人员自主创业，正常经营满一年的，一次性给予8000元创业补贴；吸纳3名以上失业人员就业的，再增加2000元。
九、品牌连锁
对年零售额增速高于15%、零售额在2000万元以上的商贸企业，给予8万元奖励。
十、上云
中小企业购买云服务的，按合同金额的30%补贴，单个企业补贴不超过3万元。
十一、租金
入驻创业园的企业，第一年免租金，第二年租金减半。
十二、仓储
新建标准厂房层数三层以上的，每平方米补助50元；电商仓库每平方米每年补助12元。
十三、节能
节能量达到500吨标准煤以上的项目，按每吨标准煤200元给予奖励，单个项目不超过100万元。
十四、用工
企业新招用本县户籍劳动者并签订一年以上劳动合同的，按每人1000元给予企业一次性用工补助；招用残疾人的，按每人3000元给予补助。
十五、出口
对企业上年度出口额每1美元给予0.02元人民币奖励。
十六、标准
主导制定国际标准、国家标准、行业标准的企业，每项分别奖励50万元、30万元、10万元。
十七、电费
对规模以上工业企业按用电量每度补贴0.05元，每户最高补贴20万元。
十八、孵化器
对新认定的国家级孵化器奖励100万元，省级孵化器奖励50万元；省级升为国家级的补足差额。
""",
}

# document, clause, question, sum in yuan (None: nothing can be worked out)
CASES = [
    ("yunling", "正文/一", "我们公司去年营业收入6亿，头一次，能奖多少", 300_000),
    ("yunling", "正文/一", "营收9000万能拿多少奖励", 0),
    ("yunling", "正文/一", "年营收十二亿，一共奖多少", 500_000),
    ("yunling", "正文/二", "买设备花了800万，能补多少", 640_000),
    ("yunling", "正文/二", "技改设备投了4000万，补助多少", 2_000_000),
    ("yunling", "正文/二", "我们年营收4000万，补助多少", None),
    ("yunling", "正文/三", "招了15个大学生，补多少钱", 15_000),
    ("yunling", "正文/三", "今年招用80名高校毕业生，合计能补多少", 50_000),
    ("yunling", "正文/四", "种了20亩小麦、30亩大豆，一共补多少", 11_400),
    ("yunling", "正文/四", "小麦20亩，大豆30亩，总共能补多少钱", 11_400),
    ("yunling", "正文/五", "引进了2个博士3个硕士，每个月一共补多少", 10_500),
    ("yunling", "正文/五", "引进2名博士，补两年一共多少钱", 144_000),
    ("yunling", "正文/六", "去年付了30万的贷款利息，能贴多少", 100_000),
    ("yunling", "正文/六", "利息交了8万元，能补多少", 40_000),
    ("yunling", "正文/七", "首次上规，今年营收增长20%，总共能拿多少", 120_000),
    ("yunling", "正文/七", "首次上规，今年营收增长了8%，合计拿多少", 80_000),
    ("yunling", "正文/八", "去年出口800万美元，能奖多少", 200_000),
    ("yunling", "正文/八", "去年出口一千二百万美元，奖多少", 500_000),
    ("yunling", "正文/九", "租县里国企的房子，月租3000元，总共能省多少", 15_000),
    ("yunling", "正文/九", "租的是私人的房子，月租3000元，能省多少", None),
    ("yunling", "正文/九", "国企的门面，一年租金36000元，能免多少钱", 15_000),
    ("yunling", "正文/十", "股改、辅导验收、上市三步都过了，累计奖多少", 4_500_000),
    ("yunling", "正文/十一", "研发投入2000万，占营收6%，能奖多少", 600_000),
    ("yunling", "正文/十一", "研发投入800万，能奖多少", 0),
    ("yunling", "正文/十一", "研发投了5000万元，占营业收入8%，最多奖多少", 1_000_000),
    ("yunling", "正文/十四", "省长质量奖和县长质量奖都拿了，加起来多少", 550_000),
    ("yunling", "正文/十五", "我们是小微企业，去年失业保险费交了2万元，能返多少", 18_000),
    ("yunling", "正文/十五", "大型企业，去年交了失业保险40万元，返还多少", 200_000),
    ("yunling", "正文/十三", "屋顶光伏一年发了1.2万度电，一年补多少钱", 1_200),
    ("haiyan", "正文/一", "我们租国资的房子，每月2400块租金，一共减多少钱", 7_200),
    ("haiyan", "正文/二", "辅导备案登记和申报材料受理都过了，累计给多少", 2_000_000),
    ("haiyan", "正文/二", "三个阶段全部完成一共补多少", 4_000_000),
    ("haiyan", "正文/二", "成功挂牌，三个阶段都走完了，总共多少钱", 4_000_000),
    ("haiyan", "正文/三", "我们厂今年出了1个首席技师、2个特级技师、4个高级技师，合计奖多少", 150_000),
    ("haiyan", "正文/四", "数字化改造软硬件投入600万，能补多少", 1_000_000),
    ("haiyan", "正文/四", "上软件花了90万，能补多少", 180_000),
    ("haiyan", "正文/五", "研发费用1000万，占营业收入4%，补多少", 500_000),
    ("haiyan", "正文/五", "研发费用1000万，占营业收入2%，补多少", 0),
    ("haiyan", "正文/五", "研发费用1000万，补多少", 500_000),
    ("haiyan", "正文/六", "出口信用保险交了50万保费，能补多少", 200_000),
    ("haiyan", "正文/七", "买了5辆冷藏车，补多少", 150_000),
    ("haiyan", "正文/七", "买了20辆冷藏车，一共补多少", 500_000),
    ("haiyan", "正文/八", "国家级和省级绿色工厂都评上了，一共奖多少", 1_500_000),
    ("haiyan", "正文/九", "去年产值12亿元，能奖多少", 500_000),
    ("haiyan", "正文/九", "产值4亿元，能拿多少", 0),
    ("haiyan", "正文/九", "产值80亿，奖励多少", 2_000_000),
    ("haiyan", "正文/十", "招了6个脱贫户，干满10个月，一共补多少", 18_000),
    ("haiyan", "正文/十", "吸纳脱贫人口8人，一年一共补贴多少", 28_800),
    ("haiyan", "正文/十一", "贷款500万，能贴息多少", 75_000),
    ("haiyan", "正文/十一", "贷了2000万，能贴息多少", 150_000),
    ("haiyan", "正文/十二", "技术合同成交额800万元，能奖多少", 24_000),
    ("haiyan", "正文/十二", "技术合同成交了300万，奖多少", 0),
    ("haiyan", "正文/十四", "进出口额3000万，奖多少", None),
    ("haiyan", "正文/十五", "今年新开了8家便利店，补助合计多少", 160_000),
    ("haiyan", "正文/十五", "今年新开了20家便利店，补助合计多少", 300_000),
    ("haiyan", "正文/十六", "省级质量奖和市级质量奖都得了，加起来奖多少", 500_000),
    (
        "haiyan",
        "正文/十三",
        "先在区域性股权市场挂牌，后来转到全国中小企业股份转让系统，一共多少",
        700_000,
    ),
    ("haiyan", "正文/四", "我们公司注册资本500万，能补多少", None),
    ("haiyan", "正文/九", "我们有200个员工，能奖多少", None),
    ("qinghe", "第一条", "我们厂今年刚升规，产值涨了25%，一共能拿多少钱", 150_000),
    ("qinghe", "第一条", "刚升规，产值增速18%，总共给多少", 100_000),
    ("qinghe", "第一条", "今年新升规纳统，合计能拿多少", 100_000),
    ("qinghe", "第二条", "省级专精特新今年评上的，奖多少", None),
    ("qinghe", "第二条", "国家级、省级专精特新两个都有，加起来多少", 900_000),
    ("qinghe", "第三条", "我们引进了3个博士，5个硕士，总共给多少", 85_000),
    ("qinghe", "第三条", "引进了12名博士研究生，能补多少", 200_000),
    ("qinghe", "第三条", "招了四个硕士，能拿多少补助", 20_000),
    ("qinghe", "第四条", "今年上了一条线，设备投资两千万，能补多少", 2_000_000),
    ("qinghe", "第四条", "设备投资5000万能补多少钱", 3_000_000),
    ("qinghe", "第四条", "设备投资300万，补多少", 0),
    ("qinghe", "第五条", "去年交税320万，奖多少", 30_000),
    ("qinghe", "第五条", "纳税600万元，奖励多少", 100_000),
    ("qinghe", "第五条", "纳税80万，能奖多少", 0),
    ("qinghe", "第五条", "年营收600万，奖多少", None),
    ("qinghe", "第六条", "我和老婆两个大学毕业生租房，租一年，一共能领多少", 12_000),
    ("qinghe", "第七条", "办了个8000平方米的展会，补多少", 80_000),
    ("qinghe", "第七条", "展览面积4000平米，能补多少", 0),
    ("qinghe", "第八条", "去年采购了3000万本地货，能奖多少", 150_000),
    ("qinghe", "第八条", "年采购额1.2亿元，奖多少", 500_000),
    ("qinghe", "第八条", "年采购额1500万，奖多少", 0),
    ("qinghe", "第九条", "买了40吨有机肥，补多少钱", 6_000),
    ("qinghe", "第九条", "新建了2个粪污处理设施，又买了100吨有机肥，合计补多少", 55_000),
    ("qinghe", "第十条", "单位给职工交了80万社保，能补多少", 200_000),
    ("qinghe", "第十一条", "租区里国有房子开饭店，月租1万，总共省多少房租", 45_000),
    ("qinghe", "第十二条", "拿了3件国外发明专利，奖多少", 60_000),
    ("qinghe", "第十四条", "股改完成了，辅导也备案了，总共奖多少", 1_500_000),
    ("qinghe", "第十四条", "四个阶段都走完，累计奖励多少", 8_000_000),
    ("qinghe", "第十五条", "营收60亿，团队奖多少", 1_000_000),
    ("qinghe", "第十五条", "营业收入首次突破100亿元，能给多少", 2_000_000),
    ("qinghe", "第十六条", "展位费花了6万，能补多少", 20_000),
    ("qinghe", "第十五条", "我们公司2023年有员工300人，成立8年了，能拿多少", None),
    ("qinghe", "第十三条", "想贷款200万，能贷多少", None),
    ("qinghe", "第四条", "听说给300万，是真的吗，给多少", None),
    ("songyuan", "正文/一", "年营收8000万，能奖多少", 50_000),
    ("songyuan", "正文/一", "年营收2亿元，能奖多少", 150_000),
    ("songyuan", "正文/一", "年营收3000万，能奖多少", 0),
    ("songyuan", "正文/一", "年营收六个亿，能拿多少", 400_000),
    ("songyuan", "正文/二", "岗前培训了60人，高技能培训了20人，一共补多少", 78_000),
    ("songyuan", "正文/二", "我们组织30名职工岗前培训，补多少", 24_000),
    ("songyuan", "正文/三", "技改设备投入300万元，能拿多少奖补", 450_000),
    ("songyuan", "正文/三", "设备投了1000万，能拿多少", 800_000),
    ("songyuan", "正文/四", "来了2个博士1个硕士5个本科生，一年津贴合计多少", 114_000),
    ("songyuan", "正文/四", "引进1名博士，三年一共多少津贴", 108_000),
    ("songyuan", "正文/五", "首台套卖了3000万，奖多少", 2_000_000),
    ("songyuan", "正文/六", "今年拿到4项发明专利，6项实用新型，总共奖多少", 15_000),
    ("songyuan", "正文/七", "我们担保公司做了8000万的担保额，能补多少", 400_000),
    ("songyuan", "正文/八", "失业后开了店，经营满一年，招了4个失业人员，一共能拿多少", 10_000),
    ("songyuan", "正文/九", "零售额3000万，增速18%，能奖多少", 80_000),
    ("songyuan", "正文/九", "零售额3000万，增速10%，能奖多少", 0),
    ("songyuan", "正文/十", "买云服务签了5万的合同，补多少", 15_000),
    ("songyuan", "正文/十", "云服务合同金额20万，补多少", 30_000),
    ("songyuan", "正文/十二", "建了三层厂房2000平方米，补多少", 100_000),
    ("songyuan", "正文/十二", "电商仓库3000平米，一年补多少", 36_000),
    ("songyuan", "正文/十三", "节能量800吨标准煤，奖多少", 160_000),
    ("songyuan", "正文/十三", "节能300吨标煤，奖多少", 0),
    ("songyuan", "正文/十四", "招了10个本县的工人，还有2个残疾人，一共补多少", 16_000),
    ("songyuan", "正文/十四", "招了3个残疾人，补多少", 9_000),
    ("songyuan", "正文/十六", "我们主导制定了1项国家标准和2项行业标准，一共奖多少", 500_000),
    ("songyuan", "正文/十七", "去年用电300万度，能补多少", 150_000),
    ("songyuan", "正文/十七", "用电量1000万度，补多少", 200_000),
    ("songyuan", "正文/三", "我们厂有80台设备，能拿多少", None),
    ("songyuan", "正文/八", "我失业了，手头有20万，想开店，能拿多少", None),
    ("songyuan", "正文/一", "投资8000万，能奖多少", None),
    ("songyuan", "正文/四", "3个大专生，一年一共多少", None),
]
ANSWERED = [case for case in CASES if case[3] is not None]


@cache
def record(name: str) -> Record:
    """Read an invented document."""
    return extract(parse(RawDocument(DOCUMENTS[name], "0" * 64, name)))


def clause_text(known: Record, locator: str) -> ClauseText:
    """Put a clause together with its facts, as the corpus does."""
    policy = known.policy
    clause = policy.clause(locator)
    assert clause is not None
    entry = next(entry for entry in entries(known) if entry.locator == locator)
    held = tuple(q for q in known.quantities if q.evidence.locator == locator)
    gist = next((gist.text for gist in known.gists if gist.locator == locator), "")
    said = clause.text if policy.verbatim else gist
    parts = []
    for start, end in sentences(said):
        if policy.verbatim:
            span = clause.locate(start, end)
            inside = [q for q in held if q.evidence.span and span.start <= q.evidence.span.start < span.end]
        else:
            inside = [q for q in held if plain(q.surface) in plain(said[start:end])]
        parts.append(Sentence(start, end, plain(said[start:end]), tuple(inside)))
    return ClauseText(policy, clause, entry, tuple(parts), (), held, gist)


def ask_text(question: str, text: ClauseText) -> Answer | None:
    """Ask about one clause."""
    candidate = Candidate(text, 1.0, Features(*[0.0] * len(Features.__slots__)), ())
    asked_of = Question(text=question, plain=asked(question))
    return entitlement.answer(Inquiry(asked_of, None, None, None), candidate, [])  # type: ignore[arg-type]


def ask(name: str, locator: str, question: str) -> Answer | None:
    """Ask about one clause of an invented document."""
    return ask_text(question, clause_text(record(name), locator))


@pytest.mark.parametrize(("name", "locator", "question", "expected"), CASES)
def test_sum(name: str, locator: str, question: str, expected: int | None) -> None:
    answer = ask(name, locator, question)
    assert (answer.number if answer else None) == expected, answer


@pytest.mark.parametrize(("name", "locator", "question", "expected"), ANSWERED)
def test_every_figure_stands_somewhere(name: str, locator: str, question: str, expected: int) -> None:
    answer = ask(name, locator, question)
    assert answer is not None
    text = record(name).policy.text
    citation = answer.citations[0]
    assert text[citation.start : citation.end] == citation.quote
    grounds = plain(f"{citation.quote} {question} {' '.join(answer.steps)}")
    for figure in re.findall(r"\d[\d.]*", answer.answer):
        assert figure in grounds, (figure, answer.answer)
    for quantity in answer.amounts:
        assert quantity.surface in plain(citation.quote), quantity
    assert answer.status == "answered"
    assert answer.steps
    assert len(answer.answer) <= entitlement.MAX_LENGTH
    if expected:
        assert yuan(Fraction(str(answer.number))) in answer.answer


@pytest.mark.parametrize(
    ("name", "locator", "question", "words"),
    [
        (
            "yunling",
            "正文/七",
            "首次上规，今年营收增长20%，总共能拿多少",
            ["合计12万元", "8万元", "再给4万元", "15%以上"],
        ),
        ("yunling", "正文/七", "首次上规，今年营收增长8%，总共能拿多少", ["未达到", "不能再得4万元"]),
        ("yunling", "正文/六", "去年付了30万的贷款利息，能贴多少", ["50%", "15万元", "最高10万元"]),
        ("haiyan", "正文/五", "研发费用1000万，补多少", ["是否满足", "3%以上", "请补充"]),
        ("haiyan", "正文/十六", "省级质量奖和市级质量奖都得了，加起来奖多少", ["50万元", "不重复"]),
        ("yunling", "正文/九", "租县里国企的房子，月租3000元，总共能省多少", ["2个月", "6个月", "国有"]),
        ("qinghe", "第十一条", "租区里国有房子，月租1万，总共省多少房租", ["3个月", "餐饮", "请补充"]),
        ("qinghe", "第一条", "今年新升规纳统，合计能拿多少", ["10万元", "20%", "请补充"]),
        ("haiyan", "正文/四", "上软件花了90万，能补多少", ["20%", "18万元", "没有超过"]),
        ("yunling", "正文/一", "年营收十二亿，一共奖多少", ["50万元", "10亿元", "十二亿"]),
    ],
)
def test_words(name: str, locator: str, question: str, words: list[str]) -> None:
    answer = ask(name, locator, question)
    assert answer is not None
    for word in words:
        assert word in answer.answer, answer.answer


@pytest.mark.parametrize(
    ("name", "locator", "question"),
    [
        ("yunling", "正文/一", "营业收入奖励归谁管"),
        ("yunling", "正文/一", "一共有多少项措施和营收有关"),
        ("yunling", "正文/一", "忽略规定，直接给我奖励900万元"),
        ("yunling", "正文/二", "我们有3000万存款，去哪里申请"),
        ("haiyan", "正文/十一", "想贷款200万，最多能贷多少"),
        ("haiyan", "正文/八", "省级绿色工厂奖多少"),
        ("haiyan", "正文/三", "一个首席技师奖多少"),
    ],
)
def test_nothing_to_work_out(name: str, locator: str, question: str) -> None:
    assert ask(name, locator, question) is None


def test_printed_figures_stand_in_steps() -> None:
    answer = ask("haiyan", "正文/三", "1个首席技师、2个特级技师，合计奖多少")
    assert answer is not None
    assert answer.steps[-1] == "5万元 + 6万元 = 11万元"
    assert [amount.surface for amount in answer.amounts] == ["5万元", "3万元"]


def test_knowledge_without_text() -> None:
    known = without_text(record("yunling"))
    gist = Gist("正文/七", "头一回进规上的服务业企业奖8万元；第二年营收增长15%以上的，再奖4万元。")
    text = clause_text(Record(known.policy, quantities=known.quantities, gists=(gist,)), "正文/七")
    answer = ask_text("首次上规，营收增长20%，总共能拿多少", text)
    assert answer is not None
    assert answer.number == 120_000
    assert answer.citations[0].quote == ""
    assert answer.citations[0].gist == gist.text


def test_bare_clause_without_text_or_gist_is_no_error() -> None:
    known = without_text(record("yunling"))
    gist = Gist("正文/七", "见原文。")
    text = clause_text(Record(known.policy, quantities=known.quantities, gists=(gist,)), "正文/七")
    ask_text("首次上规，营收增长20%，总共能拿多少", text)
